// The numbers of the core in WebAssembly are the command's, which INITLAW_COMMAND names.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import type { Fields, Json, Result } from "../src/core/core.ts";
import { Instance } from "../src/core/instance.ts";
import { openCore } from "../src/core/open.ts";
import { simulate } from "../src/core/simulate.ts";
import type { Thread } from "../src/core/thread.ts";

const command = resolve(process.env.INITLAW_COMMAND ?? "../build/release/initlaw");
const module = new WebAssembly.Module(readFileSync("../build/explorer/explorer_core.wasm"));
const folder = mkdtempSync(join(tmpdir(), "initlaw-"));

/** As a worker, but here. Some answers take their time, so that those of two come in another order. */
function start(): Thread {
  const instance = new Instance(module);
  let calls = 0;
  let last: Promise<unknown> = Promise.resolve();
  let stopped = false;
  return {
    call: (request, bytes) => {
      const pause = ++calls % 3 === 0 ? 20 : 0;
      const answer = last.then(async () => {
        await new Promise((resolve) => setTimeout(resolve, pause));
        if (stopped) throw new Error("stopped");
        return instance.call(request, bytes);
      });
      last = answer.catch(() => {});
      return answer;
    },
    stop: () => {
      stopped = true;
    },
  };
}

const core = openCore(start());

/** JSON of the command for the network. */
async function native(subcommand: string, fields: Fields, ...options: string[]): Promise<Json> {
  const network = join(folder, "net.toml");
  const json = join(folder, "out.json");
  writeFileSync(network, (await core.copy(fields, 1, 1)).toml);
  execFileSync(command, [subcommand, "--network", network, "--json", json, ...options], { stdio: "pipe" });
  return JSON.parse(readFileSync(json, "utf8"));
}

/** Two workers' result with all networks: the first such, or the last, which is a whole comparison. */
const simulated = (fields: Fields, samples: number, seed: number, whole: boolean, gradients?: "random" | "orthogonal") =>
  new Promise<Result>((resolve, failed) => {
    const progress = (result: Result, done: number) => {
      if (done < samples || (whole && !result.prediction)) return;
      running.stop();
      resolve(result);
    };
    const running = simulate(fields, { samples, seed, ...(gradients && { gradients }), progress, failed }, start, 2);
  });

/** The largest difference of two numbers relative to the larger of 1 and their size; all else must be equal. */
function difference(found: Json, expected: Json, where = ""): number {
  if (typeof expected === "number" && typeof found === "number") {
    return Math.abs(found - expected) / Math.max(1, Math.abs(expected));
  }
  if (expected === null || typeof expected !== "object") {
    assert.equal(found, expected, where);
    return 0;
  }
  assert.deepEqual(Object.keys(found), Object.keys(expected), where);
  return Math.max(0, ...Object.keys(expected).map((key) => difference(found[key], expected[key], `${where}.${key}`)));
}

const small = { width: 24, depth: 6 };
const NETWORKS: Record<string, Fields & { gradients?: "random" | "orthogonal" }> = {
  "fully connected": { family: "fully-connected", width: 20, depth: 8, outputs: 10 },
  "of widths that shrink": { family: "fully-connected", width: [32, 16, 7], depth: 2 },
  vanilla: { family: "vanilla", width: 100, depth: 50, outputs: 10 },
  "vanilla, narrow": { family: "vanilla", width: 3, depth: 9, alpha: 1, lambda: 0.5 },
  balanced: { family: "balanced", ...small, inputs: 5, outputs: 3 },
  stable: { family: "stable", ...small, lambda: 0.7, leak: 0.3 },
  "with schedules": {
    family: "vanilla",
    width: 17,
    depth: 4,
    alpha: [1, 0.9, 0, 0.7],
    lambda: [0.1, 0.5, 1, 2],
  },
  "with flips and an absolute value": { family: "vanilla", ...small, flip: 0.2, leak: -1 },
  "with deep branches": { family: "vanilla", ...small, branch_depth: 4, gradients: "random" },
  "with gradients": { family: "vanilla", ...small, outputs: 2, gradients: "random" },
  "with orthogonal gradients": { family: "balanced", ...small, gradients: "orthogonal" },
  "linear first": { family: "vanilla", ...small, branch: "linear-first", branch_width: 48 },
  "a transformer's MLP": {
    family: "vanilla",
    ...small,
    alpha: 1,
    branch: "linear-first",
    branch_width: 96,
    norm: "pre",
    activation: "gelu",
  },
  "with a final normalization": { family: "vanilla", ...small, norm: "final", activation: "tanh" },
  "of smooth activations": { family: "vanilla", ...small, norm: "pre", activation: "silu" },
  orthogonal: { family: "vanilla", ...small, weights: "orthogonal", input_layer: "orthogonal" },
  "that overflows a float": { family: "vanilla", width: 16, depth: 60, alpha: 1, lambda: 10 },
};

const SAMPLES = 2001;
const optionsOf = (gradients: unknown) => [
  ...["--samples", `${SAMPLES}`, "--seed", "7"],
  ...(gradients ? [`--gradients=${gradients}`] : []),
];

for (const [name, { gradients, ...fields }] of Object.entries(NETWORKS)) {
  test(`a simulation of a network ${name} is the command's, to the last bit`, async () => {
    const expected = await native("simulate", fields, ...optionsOf(gradients));
    delete expected.state;
    assert.deepEqual((await simulated(fields, SAMPLES, 7, false, gradients)).simulation, expected);
  });
}

// Last digits differ as the C libraries' elementary functions do. The laws of gradients subtract numbers that are almost
// equal; what was measured is 5e-11 of these, and 2e-12 of all others.
for (const name of ["of widths that shrink", "vanilla, narrow", "with schedules", "with gradients", "a transformer's MLP"]) {
  test(`laws and distances of a network ${name} are the command's but for last digits`, async () => {
    const { gradients, ...fields } = NETWORKS[name] as (typeof NETWORKS)[string];
    const expected = await native("compare", fields, ...optionsOf(gradients));
    const found = await simulated(fields, SAMPLES, 7, true, gradients);
    assert.deepEqual(found.simulation, expected.simulation);
    for (const part of ["fit", "prediction"] as const) {
      const largest = difference(found[part], expected[part], part);
      assert.ok(largest < (gradients ? 1e-10 : 1e-11), `${part}: ${largest}`);
    }
  });
}

test("networks that the command refuses are refused in its words", async () => {
  for (const fields of [
    { family: "vanilla", width: 0, depth: 3 },
    { family: "vanilla", width: 1.5, depth: 3 },
    { family: "vanilla", width: 10, depth: 3, alpha: [1, 2] },
    { family: "resnet", width: 10, depth: 3 },
    { family: "vanilla", width: 10, depth: 3, activation: "gelu" },
    { family: "fully-connected", width: 10, depth: 3, alpha: 1 },
  ]) {
    const network = join(folder, "wrong.toml");
    const toml = Object.entries(fields).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
    writeFileSync(network, toml.join(""));
    const { stderr } = spawnSync(command, ["predict", "--network", network], { encoding: "utf8" });
    await assert.rejects(core.network(fields), (error: Error) => stderr.includes(error.message));
  }
});

test("what a simulation cannot do, it says", async () => {
  await assert.rejects(
    simulated({ family: "vanilla", width: 1, depth: 3 }, 10, 1, false, "orthogonal"),
    /orthogonal to one neuron/,
  );
  await assert.rejects(simulated({ family: "vanilla", width: 1e9, depth: 3 }, 10, 1, false), /memory/);
  await assert.rejects(simulated({ family: "fully-connected", width: 1, depth: 200 }, 10, 1, false), /are dead/);
});

test("a command that was copied describes the network", async () => {
  for (const { gradients, ...fields } of Object.values(NETWORKS)) {
    const { command: line, toml } = await core.copy(fields, 10, 3);
    writeFileSync(join(folder, "net.toml"), toml);
    const json = join(folder, "copied.json");
    const [, , ...options] = line.split(" ");
    execFileSync(command, ["simulate", ...options, "--json", json], { cwd: folder, stdio: "pipe" });
    const simulation = JSON.parse(readFileSync(json, "utf8"));
    assert.deepEqual([simulation.network, simulation.samples, simulation.seed], [await core.network(fields), 10, 3]);
  }
});

test("single networks are the first that are simulated", async () => {
  const fields = { family: "vanilla", width: 12, depth: 5, outputs: 4 };
  const count = 40;
  const [paths, atInfiniteWidth, { simulation }] = await Promise.all([
    core.paths(fields, 7, 0, count),
    core.infiniteWidth(fields),
    simulated(fields, count, 7, false),
  ]);
  const length = fields.depth + 2;
  const mean = (l: number) =>
    Array.from({ length: count }, (_, i) => paths[i * length + l] as number).reduce((a, b) => a + b) / count;
  for (const [l, { log_norm2_mean }] of simulation.layers.entries()) {
    assert.ok(Math.abs(mean(l) + (atInfiniteWidth[l] as number) - log_norm2_mean.value) < 1e-12);
  }
  assert.ok(Math.abs(mean(length - 1) + Math.log(4) - simulation.log_output_norm2.mean.value) < 1e-12);
  const later = await core.paths(fields, 7, 21, 3);
  assert.deepEqual(later, paths.slice(21 * length, 24 * length));
});

test("a stop is final", async () => {
  let calls = 0;
  const count = () => ++calls;
  const running = simulate(
    { family: "vanilla", width: 100, depth: 50 },
    { samples: 1e6, seed: 1, progress: count, failed: count },
    start,
    2,
  );
  running.stop();
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(calls, 0);
});
