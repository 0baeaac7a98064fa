import assert from "node:assert/strict";
import { test } from "node:test";
import { toCsv } from "../src/charts/picture.ts";
import { openCore } from "../src/core/open.ts";
import { simulate } from "../src/core/simulate.ts";
import { gradient, gradientLayers } from "../src/panels/gradient.ts";
import { covariance, fan, hypoactivation } from "../src/panels/layers.ts";
import { map } from "../src/panels/limits.ts";
import { norm } from "../src/panels/norm.ts";
import { output } from "../src/panels/output.ts";
import { ends, onePath } from "../src/panels/paths.ts";
import type { Known } from "../src/state/known.ts";
import { fieldsOf, type Network, STANDARD } from "../src/state/network.ts";
import { PRESETS } from "../src/state/presets.ts";
import { Session } from "../src/state/session.ts";
import { START } from "../src/state/view.ts";
import { startHere } from "./core.ts";
import { clicks } from "./random.ts";

const PANELS = [norm, output, fan, hypoactivation, covariance, gradientLayers, gradient, map, onePath(() => 3)];
const small = (network: Network): Network => ({
  ...network,
  width: 8 + (network.width % 13),
  depth: 1 + (network.depth % 7),
  outputs: 1 + (network.outputs % 20),
});

/** Everything that a session learns of a network, and what it showed on the way. */
function learn(network: Network, samples: number): Promise<Known[]> {
  return new Promise((resolve, reject) => {
    const learned: Known[] = [];
    const session = new Session(
      { open: () => openCore(startHere()), simulate: (fields, options) => simulate(fields, options, startHere, 2) },
      (known) => {
        learned.push(known);
        const gradientsDone =
          known.prediction.regime && (!known.prediction.gradients || known.gradientResult?.fit || known.gradientFault);
        if (known.result?.fit && known.done === samples && gradientsDone && (known.paths?.paths.length ?? 0) === 1000)
          resolve(learned);
      },
      (fault) => reject(new Error(`${JSON.stringify(network)}: ${fault}`)),
    );
    session.show({ ...START, network, samples });
  });
}

test("pictures and words of all networks, from the first moment to the last, are of numbers", async () => {
  const networks = [...PRESETS.map((preset) => preset.network), ...[...clicks(400, 3)].filter((_, i) => i % 80 === 79)].map(
    small,
  );
  for (const network of networks) {
    for (const known of await learn(network, 1000)) {
      for (const panel of PANELS) {
        const words = panel.words(known).join(" ");
        const what = `${panel.id} of ${JSON.stringify(fieldsOf(network))}: ${words}`;
        assert.ok(words.length > 0 && !/undefined|NaN|null|Infinity|\[object/.test(words), what);
        const picture = panel.picture(known);
        for (const { points, style } of picture?.series ?? []) {
          if (style !== "regions")
            assert.ok(
              points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
              what,
            );
        }
        if (picture)
          assert.equal(
            toCsv(picture).split("\n").length,
            2 + picture.series.reduce((sum, { points }) => sum + points.length, 0),
          );
      }
    }
  }
});

test("the words of the standard network say what the command says", async () => {
  const last = (await learn(STANDARD, 1000)).at(-1) as Known;
  assert.match(norm.words(last)[0] ?? "", /^In 1000 random networks .* infinite width promises 2\.20 and 0\.221\.$/);
  assert.ok(
    norm.words(last).includes("The Gaussian limit fails: some probability is off by 48 percentage points."),
    norm.words(last).join(" "),
  );
  assert.match(fan.words(last)[0] ?? "", /multiplied by 0\.37, give or take a factor of 5\.3/);
  assert.match(
    onePath(() => 0)
      .words(last)
      .join(" "),
    /The law says 25, infinite width 2\.5 × 10⁻⁶\./,
  );
});

test("networks count as exploded or vanished beyond a factor of ten", () => {
  const path = (end: number) => Float64Array.of(0, end);
  const ten = 2 * Math.log(10);
  assert.deepEqual(ends([path(ten + 0.01), path(ten - 0.01), path(-ten - 0.01), path(Number.NEGATIVE_INFINITY)]), {
    exploded: 1,
    vanished: 2,
  });
});
