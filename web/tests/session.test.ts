import assert from "node:assert/strict";
import { test } from "node:test";
import type { Remote, SimulationOptions } from "../src/core/core.ts";
import type { Known } from "../src/state/known.ts";
import { STANDARD } from "../src/state/network.ts";
import { Session } from "../src/state/session.ts";
import { START, type View } from "../src/state/view.ts";

const quantiles = { "0.001": 0, "0.999": 1 };
const viewOf = (width: number): View => ({ ...START, network: { ...STANDARD, width } });
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    assert.ok(waited < 20_000, "it does not happen");
    await sleep(5);
  }
}

/** Cores that answer after a while, and simulations that never end; `asked` has the widths that were predicted. */
function stage({ slow = 5, predicting, refused = -1 }: { slow?: number; predicting?: number; refused?: number } = {}) {
  const asked: number[] = [];
  const simulations: { width: unknown; isRunning: boolean; options: SimulationOptions }[] = [];
  const learned: Known[] = [];
  const faults: string[] = [];
  let opened = 0;
  const open = (): Remote => {
    opened++;
    let reject: (error: Error) => void = () => {};
    const answer = <T>(value: T, after = slow): Promise<T> =>
      new Promise((resolve, failed) => {
        reject = failed;
        setTimeout(() => resolve(value), after);
      });
    return {
      network: (fields) => answer(fields),
      predict: (fields) => {
        asked.push(fields.width as number);
        if (fields.width === refused) return Promise.reject(new Error("width: refused"));
        return answer({ gaussian: { log_output_norm2: { quantiles } } }, predicting ?? slow);
      },
      density: (_, __, points) => answer({ gaussian: points }),
      quantiles: (_, probabilities) => answer({ gaussian: probabilities }),
      infiniteWidth: () => answer(new Float64Array(3)),
      distances: () => answer({}),
      paths: (_, __, ___, count) => answer(new Float64Array(count * (STANDARD.depth + 2))),
      copy: () => answer({ command: "", toml: "" }),
      stop: () => reject(new Error("stopped")),
    };
  };
  const session = new Session(
    {
      open,
      simulate: ({ width }, options) => {
        const simulation = { width, isRunning: true, options };
        simulations.push(simulation);
        return {
          stop: () => {
            simulation.isRunning = false;
          },
        };
      },
    },
    (known) => learned.push(known),
    (fault) => faults.push(fault),
  );
  return { session, asked, simulations, learned, faults, opened: () => opened };
}

test("of many views in a row the last is shown, few are asked about, and one is simulated", async () => {
  const { session, asked, simulations, learned } = stage();
  for (let width = 10; width < 60; ++width) {
    session.show(viewOf(width));
    await sleep(2);
  }
  await until(() => asked.filter((width) => width === 59).length === 2);
  assert.ok(asked.length < 30, `${asked.length} of 50 views were asked about`);
  assert.deepEqual(
    simulations.map(({ width }) => width),
    [59],
  );
  assert.equal(learned.at(-1)?.view.network.width, 59);
});

test("a new view ends the simulation of the last, and so does Stop; what comes after is shown", async () => {
  const { session, simulations, learned } = stage();
  session.show(viewOf(10));
  await until(() => simulations.length === 1);
  session.show(viewOf(20));
  assert.deepEqual(
    simulations.map(({ isRunning }) => isRunning),
    [false],
  );
  await until(() => simulations.length === 2);
  session.stop();
  assert.deepEqual(
    simulations.map(({ isRunning }) => isRunning),
    [false, false],
  );
  session.show(viewOf(30));
  await until(() => simulations.length === 3);
  assert.deepEqual(
    simulations.map(({ width, isRunning }) => [width, isRunning]),
    [
      [10, false],
      [20, false],
      [30, true],
    ],
  );
  simulations[0]?.options.progress({ simulation: {}, fit: {}, histograms: {}, resolution: 1 }, 5);
  assert.equal(learned.at(-1)?.done, 0, "a result of an ended simulation is shown");
  session.stop();
});

test("who stops before the simulation has begun sees none", async () => {
  const { session, simulations, learned } = stage();
  session.show(viewOf(10));
  session.stop();
  await until(() => learned.length > 3);
  assert.equal(simulations.length, 0);
});

test("a network that the core refuses is said once, and the next is shown", async () => {
  const { session, learned, faults, simulations } = stage({ refused: 10 });
  session.show(viewOf(10));
  await until(() => faults.length > 0);
  session.show(viewOf(20));
  await until(() => simulations.length === 1);
  assert.deepEqual(faults, ["width: refused"]);
  assert.equal(learned.at(-1)?.view.network.width, 20);
  session.stop();
});

test("a core that is busy with an outdated question is given up", async () => {
  const { session, asked, opened, faults } = stage({ slow: 1500 });
  session.show(viewOf(10));
  await sleep(20);
  assert.equal(opened(), 3);
  session.show(viewOf(20));
  await until(() => asked.length === 2);
  assert.deepEqual(asked, [10, 20]);
  assert.equal(opened(), 4);
  assert.deepEqual(faults, []);
});

test("curves follow a slider while all else is asked about the view before", async () => {
  const { session, asked, learned } = stage({ predicting: 400 });
  session.show(viewOf(10));
  await until(() => learned.length === 1);
  session.show(viewOf(20));
  await until(() => asked.at(-1) === 20);
  session.show(viewOf(30));
  await until(() => learned.at(-1)?.view.network.width === 30);
  assert.equal(asked.at(-1), 20);
  session.stop();
});
