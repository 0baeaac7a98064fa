import type { Fields, Simulation, SimulationOptions } from "./core.ts";
import { startThread, type Thread } from "./thread.ts";

const MOST_WORKERS = 8;
/** Milliseconds of work in a task, and at least between results. */
const TASK = 60;
const PAUSE = 150;
/** How much longer pauses are than making a result takes. */
const PAUSE_FACTOR = 4;

/** The largest power of 2 that is at most x. */
const powerOfTwo = (x: number) => 2 ** Math.floor(Math.log2(Math.max(1, x)));

/**
 * Workers simulate runs of chunks, and one more, the collector, puts them together in order. Runs are of 2^k chunks that
 * begin at a multiple of 2^k: small sums, each of a single run.
 */
export function simulate(
  fields: Fields,
  options: SimulationOptions,
  start: () => Thread = startThread,
  workers: number = Math.min(MOST_WORKERS, navigator.hardwareConcurrency),
): Simulation {
  const { samples, seed, gradients } = options;
  const simulation = { fields, samples, seed, ...(gradients && { gradients }) };
  const edges = Object.fromEntries(Object.entries(options.edges ?? {}).map(([key, values]) => [key, [...values]]));
  const collector = start();
  const threads = [collector];
  const stop = () => {
    for (const thread of threads.splice(0)) thread.stop();
  };
  const fail = (error: Error) => {
    if (threads.length === 0) return; // what waits for a thread that was stopped
    stop();
    options.failed(error);
  };

  let nextAt = 0;
  let isShowing = false;
  const show = async (whole: boolean) => {
    isShowing = true;
    const startedAt = performance.now();
    const { json } = await collector.call({ function: "result", whole, edges });
    isShowing = false;
    nextAt = performance.now() + Math.max(PAUSE, PAUSE_FACTOR * (performance.now() - startedAt));
    if (json) options.progress(json, json.simulation.samples);
  };

  const append = async (bytes: Uint8Array<ArrayBuffer>) => {
    const { json: done } = await collector.call({ function: "append" }, bytes);
    if (done < samples && !isShowing && performance.now() > nextAt) await show(false);
  };

  let begun = 0;
  let chunksATask = 1;
  let collected = 0;
  const finished = new Map<number, { bytes: Uint8Array<ArrayBuffer>; chunks: number }>();

  /** Simulates until no chunk is left. */
  const work = async (thread: Thread, chunks: number) => {
    while (begun < chunks) {
      const first = begun;
      const alignment = first === 0 ? chunksATask : first & -first;
      const count = Math.min(chunksATask, alignment, powerOfTwo(chunks - first));
      begun += count;
      const startedAt = performance.now();
      const { bytes } = await thread.call({ function: "simulate", ...simulation, first, chunks: count });
      const wanted = (count * TASK) / (performance.now() - startedAt);
      chunksATask = powerOfTwo(Math.min(2 * count, wanted));
      finished.set(first, { bytes, chunks: count });
      for (let next = finished.get(collected); next; next = finished.get(collected)) {
        finished.delete(collected);
        collected += next.chunks;
        append(next.bytes).catch(fail);
      }
    }
  };

  const run = async () => {
    const { json } = await collector.call({ function: "begin", ...simulation });
    const chunks: number = json.chunks;
    const team = Array.from({ length: Math.min(workers, chunks) }, start);
    threads.push(...team);
    await Promise.all(team.map((thread) => work(thread, chunks)));
    await collector.call({ function: "finish" });
    await show(false);
    await show(true);
    stop();
  };
  run().catch(fail);
  return { stop };
}
