import type { Fields, Json, Laws, Result } from "../core/core.ts";
import type { View } from "./view.ts";

/** Densities of all laws at the same points. */
export interface Curves {
  points: Float64Array;
  laws: Laws;
}

/** How far either limit is from the best known law, on a grid of depths (rows) and widths (columns), row by row. */
export interface Limits {
  widths: readonly number[];
  depths: readonly number[];
  distances: readonly Record<string, number>[];
}

/** Single networks: for each ln(‖z_l‖²) of layers 0 to d and of the output, less its logarithm at infinite width. */
export interface Paths {
  paths: readonly Float64Array[];
  wanted: number;
}

/** What the core has said of a view. It grows, and pictures show what there is. */
export interface Known {
  readonly view: View;
  readonly fields: Fields;
  /** JSON of `initlaw predict`, at first without `regime`. */
  readonly prediction: Json;
  /** ln‖z_l‖² at infinite width, l = 0..d. */
  readonly atInfiniteWidth: Float64Array;
  /** Of ln‖z_out‖². */
  readonly norm: Curves;
  /** Of ln z² of one output. */
  readonly output?: Curves;
  /** Of the growth of gradients. */
  readonly gradient?: Curves;
  /** JSON of `initlaw compare`, of the first `done` networks. */
  readonly result?: Result;
  readonly done: number;
  /** Why gradients are not simulated, in the core's words. */
  readonly gradientFault?: string;
  /** The same of fewer networks, with gradients. */
  readonly gradientResult?: Result;
  readonly paths?: Paths;
  readonly limits?: Limits;
}

const BINS = 60;

/** Equally wide bins from the first to the last point. */
export function binEdges({ points }: Curves): Float64Array {
  const low = points[0] ?? 0;
  const high = points[points.length - 1] ?? 1;
  return Float64Array.from({ length: BINS + 1 }, (_, i) => low + ((high - low) * i) / BINS);
}
