import type { Laws, Remote } from "./core.ts";
import type { Reply } from "./instance.ts";
import { startThread, type Thread } from "./thread.ts";

const doublesOf = ({ bytes }: Reply) => new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);

const bytesOf = (numbers: Float64Array) => new Uint8Array(new Float64Array(numbers).buffer);

/** As many numbers of each law as it was asked for. */
function lawsOf(reply: Reply, count: number): Laws {
  const numbers = doublesOf(reply);
  const keys: string[] = reply.json;
  return Object.fromEntries(keys.map((key, i) => [key, numbers.slice(i * count, (i + 1) * count)]));
}

export function openCore(thread: Thread = startThread()): Remote {
  const call = thread.call;
  return {
    network: async (fields) => (await call({ function: "network", fields })).json,
    predict: async (fields, options = {}) => (await call({ function: "predict", fields, ...options })).json,
    density: async (fields, of, points) =>
      lawsOf(await call({ function: "density", fields, of }, bytesOf(points)), points.length),
    quantiles: async (fields, probabilities) =>
      lawsOf(await call({ function: "quantiles", fields }, bytesOf(probabilities)), probabilities.length),
    infiniteWidth: async (fields) => doublesOf(await call({ function: "infiniteWidth", fields })),
    distances: async (fields) => (await call({ function: "distances", fields })).json,
    paths: async (fields, seed, first, count) => doublesOf(await call({ function: "paths", fields, seed, first, count })),
    copy: async (fields, samples, seed) => (await call({ function: "copy", fields, samples, seed })).json,
    stop: thread.stop,
  };
}
