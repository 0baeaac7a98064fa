import compressedModule from "inline:wasm";
import workerScript from "inline:worker";

import type { Reply, Request } from "./instance.ts";

/** The module, compiled once. */
let compiled: Promise<WebAssembly.Module> | undefined;

async function compile(): Promise<WebAssembly.Module> {
  const bytes = Uint8Array.from(atob(compressedModule), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  try {
    return await WebAssembly.compile(await new Response(stream).arrayBuffer());
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    throw new Error("this page needs a browser of 2025 or later, with WebAssembly's exceptions");
  }
}

let workerAddress: string | undefined;

/** Something that answers requests, one after the other. */
export interface Thread {
  call(request: Request, bytes?: Uint8Array<ArrayBuffer>): Promise<Reply>;
  /** Ends it and rejects what waits. */
  stop(): void;
}

/** A worker of its own, which a page from a folder may have, too. */
export function startThread(): Thread {
  // A page may not start workers from other files of a folder.
  workerAddress ??= URL.createObjectURL(new Blob([workerScript], { type: "text/javascript" }));
  compiled ??= compile();
  const worker = new Worker(workerAddress);
  const waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = [];
  const rejectAll = (error: Error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.onmessage = ({ data }: MessageEvent<Reply | { error: string }>) => {
    const first = waiting.shift();
    if ("error" in data) first?.reject(new Error(data.error));
    else first?.resolve(data);
  };
  worker.onerror = (event) => rejectAll(new Error(event.message));
  let stopped = false;
  const ready = compiled.then((module) => worker.postMessage(module));
  ready.catch(rejectAll);
  return {
    call: (request, bytes) =>
      new Promise((resolve, reject) => {
        if (stopped) throw new Error("stopped");
        waiting.push({ resolve, reject });
        ready.then(
          () => worker.postMessage({ request, bytes }, bytes ? [bytes.buffer] : []),
          () => {},
        );
      }),
    stop: () => {
      stopped = true;
      worker.terminate();
      rejectAll(new Error("stopped"));
    },
  };
}
