// The script of a worker: first it is sent the module, then requests, which it answers one after the other.
import { Instance, type Request } from "./instance.ts";

declare const self: DedicatedWorkerGlobalScope;

let instance: Instance | undefined;

self.onmessage = ({ data }: MessageEvent<WebAssembly.Module | { request: Request; bytes?: Uint8Array }>) => {
  if (data instanceof WebAssembly.Module) {
    instance = new Instance(data);
    return;
  }
  try {
    const reply = (instance as Instance).call(data.request, data.bytes);
    self.postMessage(reply, [reply.bytes.buffer]);
  } catch (error) {
    self.postMessage({ error: (error as Error).message });
  }
};
