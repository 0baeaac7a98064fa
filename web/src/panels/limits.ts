import type { Point, Role, Series } from "../charts/picture.ts";
import type { Limits } from "../state/known.ts";
import { count, powerOfTen, text } from "../words/format.ts";
import type { Panel } from "./panel.ts";

/** A limit is good to one of these if no probability is off by more. */
const LEVELS = [0.05, 0.01] as const;

const SHOWN: readonly { key: string; name: string; role: Role }[] = [
  { key: "log_gaussian", name: "log-Gaussian limit", role: "log-gaussian" },
  { key: "gaussian", name: "Gaussian limit", role: "gaussian" },
];

function region({ widths, depths, distances }: Limits, key: string, label: string, role: Role): Series {
  const points: Point[] = distances.map((distance, i) => ({
    x: widths[i % widths.length] ?? 0,
    y: depths[Math.floor(i / widths.length)] ?? 0,
    z: distance[key] ?? Number.NaN,
  }));
  return { label, role, style: "regions", points, columns: widths.length, levels: LEVELS };
}

/** Networks so narrow, or so deep for their width, that no law is known to hold. */
function unknown(limits: Limits): Series {
  const distances = limits.distances.map(
    (distance): Record<string, number> => ({ known: Object.keys(distance).length > 0 ? 1 : Number.MIN_VALUE }),
  );
  return { ...region({ ...limits, distances }, "known", "no law is known: simulate", "other"), levels: [0.5] };
}

/** Over width and depth: where which limit is good to 5% and to 1%. */
export const map: Panel = {
  id: "map",
  uses: ["limits", "view"],

  picture({ limits }) {
    if (!limits || shown(limits).length === 0) return undefined;
    const { widths, depths } = limits;
    return {
      name: "map-of-limits",
      description: "Map over width and depth of where either limit is good to 5% and to 1%",
      x: { label: "width n", log: true, domain: [widths[0] ?? 1, widths[widths.length - 1] ?? 1], format: powerOfTen },
      y: { label: "depth d", log: true, domain: [depths[0] ?? 1, depths[depths.length - 1] ?? 1], format: powerOfTen },
      series: [
        unknown(limits),
        ...shown(limits).map(({ key, name, role }) => region(limits, key, `${name}: to 5%, darker to 1%`, role)),
      ],
    };
  },

  words({ limits, view: { network } }) {
    if (!limits) return ["The map is being computed."];
    if (shown(limits).length === 0)
      return ["None of these networks has a law that is known to hold: here only simulation tells."];
    const sentences = shown(limits)
      .reverse()
      .map(({ key, name }) => {
        const [five, one] = LEVELS.map((level) => leastWidth(limits, network.depth, key, level));
        const from = (width: number | undefined) =>
          width === undefined
            ? `at no width up to ${count(limits.widths.at(-1) ?? 0)}`
            : `from a width of about ${text(width, 2)}`;
        return `At depth ${network.depth} the ${name} is good to 5% ${from(five)}, and to 1% ${from(one)}.`;
      });
    if (sentences.length < SHOWN.length)
      sentences.push(
        "That is its distance from the log-Gaussian limit, which of these networks is known to first order in 1/n; how far it is from the truth only simulation tells.",
      );
    return sentences;
  },
};

/** Those of which anything is known. */
function shown({ distances }: Limits): (typeof SHOWN)[number][] {
  return SHOWN.filter(({ key }) => distances.some((distance) => distance[key] !== undefined));
}

/** The least width of the map from which on a limit is good, at the depth that is nearest. */
function leastWidth({ widths, depths, distances }: Limits, depth: number, key: string, level: number): number | undefined {
  const apart = (other: number) => Math.abs(Math.log(other / depth));
  const row = depths.reduce((nearest, other, i) => (apart(other) < apart(depths[nearest] ?? 1) ? i : nearest), 0);
  const good = widths.map((_, column) => (distances[row * widths.length + column]?.[key] ?? Number.NaN) <= level);
  const first = good.lastIndexOf(false) + 1;
  return widths[first];
}
