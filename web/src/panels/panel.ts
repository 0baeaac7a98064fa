import type { Picture, Point, Series } from "../charts/picture.ts";
import type { Density } from "../core/core.ts";
import type { Curves, Known } from "../state/known.ts";
import { LAWS } from "../words/laws.ts";

/** A picture and what it says of the current network. `id` is that of its section in the page. */
export interface Panel {
  id: string;
  /** What picture and words depend on. */
  uses: readonly (keyof Known)[];
  /** Undefined while too little is known, or where the network has no such thing. */
  picture(known: Known): Picture | undefined;
  /** Sentences, the first of which says the most. */
  words(known: Known): string[];
}

/** Of a series of layers, so that each is seen. */
export const MOST_POINTS = 28;

/** A line for each law. */
export function lawLines({ points, laws }: Curves, x: (point: number) => number = (point) => point): Series[] {
  return LAWS.filter(({ key }) => laws[key])
    .reverse()
    .map(({ key, name, role }) => ({
      label: name,
      role,
      style: key === "log_gaussian" && laws.finite_width ? "dashed" : "line",
      points: Array.from(points, (point, i) => ({ x: x(point), y: laws[key]?.[i] ?? Number.NaN })),
    }));
}

/** A simulated density in the middle of its bins. */
export function histogramPoints(edges: Float64Array, histogram: Density | undefined): Point[] {
  return (histogram?.density ?? []).map((y, i) => ({
    x: ((edges[i] ?? 0) + (edges[i + 1] ?? 0)) / 2,
    y,
    error: histogram?.std_error[i] ?? 0,
  }));
}

/** Every so many of a list, so that about `most` are left, and the last. */
export function thinned<T>(list: readonly T[], most: number): { item: T; index: number }[] {
  const step = Math.max(1, Math.ceil(list.length / most));
  return list.map((item, index) => ({ item, index })).filter(({ index }) => index % step === 0 || index === list.length - 1);
}
