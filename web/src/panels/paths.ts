import type { Point, Series } from "../charts/picture.ts";
import type { Known } from "../state/known.ts";
import { count, text } from "../words/format.ts";
import type { Panel } from "./panel.ts";

/** What is more than ten times too large or too small. Pictures and counts are of ln‖z‖². */
const LIMIT = 2 * Math.LN10;
const FAINT = 24;

/** How many end beyond either limit. */
export function ends(paths: readonly Float64Array[]): { exploded: number; vanished: number } {
  const last = paths.map((path) => path[path.length - 1] ?? Number.NaN);
  return {
    exploded: last.filter((end) => end > LIMIT).length,
    vanished: last.filter((end) => end < -LIMIT).length,
  };
}

/** What all of them stay in, and the limits with some room. */
function reach(paths: readonly Float64Array[]): [number, number] {
  const all = paths.map((path) => path.subarray(0, -1));
  const low = Math.min(...all.map((path) => path.reduce((least, value) => Math.min(least, value), 0)));
  const high = Math.max(...all.map((path) => path.reduce((most, value) => Math.max(most, value), 0)));
  return [Math.min(low, -1.2 * LIMIT), Math.max(high, 1.2 * LIMIT)];
}

/** Single networks: ln‖zₗ‖² through the layers, less its logarithm at infinite width. `shown` is the one drawn last. */
export function onePath(shown: () => number): Panel {
  return {
    id: "paths",
    uses: ["paths", "prediction", "view"],

    picture({ paths, view: { network } }) {
      const drawn = paths?.paths;
      if (!drawn?.length) return undefined;
      const last = network.depth;
      const pathPoints = (path: Float64Array): Point[] => Array.from(path.subarray(0, last + 1), (y, x) => ({ x, y }));
      const current = shown() % drawn.length;
      const former = Array.from(
        { length: Math.min(FAINT, drawn.length - 1) },
        (_, i) => drawn[(current + drawn.length - 1 - i) % drawn.length],
      );
      const level = (label: string, y: number): Series => ({
        label,
        role: "other",
        style: "dashed",
        points: [
          { x: 0, y },
          { x: last, y },
        ],
      });
      return {
        name: "single-networks",
        description:
          "Single networks: the logarithm of a layer's squared norm from the first layer to the last, relative to infinite width",
        x: { label: "layer l", domain: [0, last] },
        y: { label: "ln ‖zₗ‖², less infinite width’s", domain: reach(drawn) },
        series: [
          {
            label: "Gaussian limit",
            role: "gaussian",
            style: "line",
            points: [
              { x: 0, y: 0 },
              { x: last, y: 0 },
            ],
          },
          level("ten times too large", LIMIT),
          level("ten times too small", -LIMIT),
          ...former
            .filter((path) => path !== undefined)
            .map(
              (path, i): Series => ({
                label: `former network ${i + 1}`,
                role: "simulated",
                style: "faint",
                points: pathPoints(path),
              }),
            ),
          {
            label: `network ${current + 1}`,
            role: "simulated",
            style: "line",
            points: pathPoints(drawn[current] ?? new Float64Array()),
          },
        ],
      };
    },

    words(known: Known) {
      const { paths, prediction } = known;
      if (!paths?.paths.length) return ["Networks are being drawn."];
      const drawn = paths.paths.length;
      const { exploded, vanished } = ends(paths.paths);
      const sentences = [
        `Of ${count(drawn)} networks ${count(exploded + vanished)} ${exploded + vanished === 1 ? "has" : "have"} outputs more than ten times too large or too small: ${count(exploded)} explode${exploded === 1 ? "s" : ""}, ${count(vanished)} vanish${vanished === 1 ? "es" : ""}.`,
      ];
      const regime = prediction.regime;
      if (regime) {
        sentences.push(
          `The law says ${text(drawn * regime.beyond_ten, 2)}, infinite width ${text(drawn * regime.at_infinite_width.beyond_ten, 2)}.`,
        );
      }
      const path = paths.paths[shown() % drawn];
      const end = path?.[path.length - 2];
      if (end !== undefined) {
        const size = Math.exp(Math.abs(end) / 2);
        sentences.push(
          `In the last layer of network ${(shown() % drawn) + 1} ‖z‖ is ${text(size, 2)} times as ${end > 0 ? "large" : "small"} as at infinite width.`,
        );
      }
      return sentences;
    },
  };
}
