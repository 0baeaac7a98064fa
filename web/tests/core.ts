import { readFileSync } from "node:fs";
import { Instance } from "../src/core/instance.ts";
import type { Thread } from "../src/core/thread.ts";

const module = new WebAssembly.Module(readFileSync("../build/explorer/explorer_core.wasm"));

/** The core as in a worker, but here. */
export function startHere(): Thread {
  const instance = new Instance(module);
  let isStopped = false;
  return {
    call: async (request, bytes) => {
      await new Promise((resolve) => setTimeout(resolve));
      if (isStopped) throw new Error("stopped");
      return instance.call(request, bytes);
    },
    stop: () => {
      isStopped = true;
    },
  };
}
