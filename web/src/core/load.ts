import type { Core, Simulate } from "./core";

export function load(): Promise<{ core: Core; simulate: Simulate }> {
  return Promise.reject(new Error("not built yet"));
}
