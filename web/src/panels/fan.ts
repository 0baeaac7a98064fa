import type { Picture, Point, Role, Series } from "../charts/picture.ts";
import type { Estimate } from "../core/core.ts";

const LAW = "law: mean, one and two standard deviations";

/** A layer's law: its mean and variance. */
export interface LayerLaw {
  layer: number;
  mean: number;
  variance: number;
}

/** The same as it was simulated. */
export interface LayerSample {
  layer: number;
  mean: Estimate;
  variance: Estimate;
}

/** A logarithm by layer: its law as a line with bands, what infinite width makes of it, and what was simulated. */
export function fanPicture(
  heading: Pick<Picture, "name" | "description"> & { y: string },
  laws: readonly LayerLaw[],
  role: Role,
  atInfiniteWidth: readonly Point[],
  simulated: readonly LayerSample[],
): Picture {
  const band = (deviations: number): Series => ({
    label: LAW,
    role,
    style: "band",
    points: laws.map(({ layer, mean, variance }) => {
      const reach = deviations * Math.sqrt(variance);
      return { x: layer, low: mean - reach, y: mean + reach };
    }),
  });
  const deviationAway = (sign: number): Series => ({
    label: "simulated, a standard deviation away",
    role: "simulated",
    style: "ticks",
    points: simulated.map(({ layer, mean, variance }) => {
      const deviation = Math.sqrt(variance.value);
      return { x: layer, y: mean.value + sign * deviation, error: (variance.std_error ?? 0) / 2 / deviation };
    }),
  });
  return {
    name: heading.name,
    description: heading.description,
    x: { label: "layer l" },
    y: { label: heading.y },
    series: [
      band(2),
      band(1),
      { label: LAW, role, style: "line", points: laws.map(({ layer, mean }) => ({ x: layer, y: mean })) },
      { label: "Gaussian limit", role: "gaussian", style: "line", points: atInfiniteWidth },
      {
        label: "simulated mean",
        role: "simulated",
        style: "points",
        points: simulated.map(({ layer, mean }) => ({ x: layer, y: mean.value, error: mean.std_error ?? 0 })),
      },
      deviationAway(1),
      deviationAway(-1),
    ],
  };
}
