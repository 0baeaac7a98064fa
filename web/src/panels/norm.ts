import type { Series } from "../charts/picture.ts";
import { binEdges } from "../state/known.ts";
import { count, text, withError } from "../words/format.ts";
import { LAWS, verdict } from "../words/laws.ts";
import { histogramPoints, lawLines, type Panel } from "./panel.ts";

const MOST_TIMES_HIGHER = 4;

/** Names that tell the story, where there is room for them. */
function tagged(line: Series): Series {
  const side = { gaussian: "right", "log-gaussian": "left" } as const;
  return line.role in side ? { ...line, tag: side[line.role as keyof typeof side] } : line;
}

/** The density of ln‖z_out‖². */
export const norm: Panel = {
  id: "size",
  uses: ["norm", "prediction", "result"],

  picture({ norm: curves, result }) {
    const edges = binEdges(curves);
    const lines = lawLines(curves);
    const bars = histogramPoints(edges, result?.histograms.norm);
    const low = edges[0] ?? 0;
    const high = edges[edges.length - 1] ?? 1;
    // At many outputs the Gaussian limit is so narrow that beside it nothing else could be seen.
    const top = (role: (role: string) => boolean) =>
      Math.max(0, ...lines.filter((line) => role(line.role)).flatMap((line) => line.points.map(({ y }) => y)));
    const others = Math.max(
      top((role) => role !== "gaussian"),
      ...bars.map(({ y }) => y),
    );
    return {
      name: "log-norm-density",
      description: "Density of the logarithm of the output's squared norm: simulated networks as a histogram, laws as lines",
      x: { label: "ln ‖zₒᵤₜ‖²", domain: [low, high] },
      y: {
        label: "density",
        domain: [
          0,
          1.05 *
            Math.min(
              top(() => true),
              MOST_TIMES_HIGHER * others,
            ),
        ],
      },
      series: [
        { label: "simulated", role: "simulated", style: "bars", points: bars, width: (high - low) / (edges.length - 1) },
        ...lines.map(tagged),
      ],
    };
  },

  words({ prediction, result, done }) {
    const gaussian = prediction.gaussian.log_output_norm2;
    const best = prediction.exact ?? prediction.finite_width ?? prediction.log_gaussian;
    if (!result) {
      return [
        `ln ‖zₒᵤₜ‖² should have a variance of ${text(best.log_output_norm2.variance)}, where infinite width promises ${text(gaussian.variance)}.`,
      ];
    }
    const { mean, variance } = result.simulation.log_output_norm2;
    const sentences = [
      `In ${count(done)} random networks ln ‖zₒᵤₜ‖² has the mean ${withError(mean.value, mean.std_error)} and the variance ${withError(variance.value, variance.std_error)}; infinite width promises ${text(gaussian.mean)} and ${text(gaussian.variance)}.`,
      ...LAWS.filter(({ key }) => result.fit[key]).map(({ key }) => verdict(key, result.fit[key])),
    ];
    if (result.simulation.dead > 0)
      sentences.push(
        `In ${count(result.simulation.dead)} networks every neuron of some layer was inactive: their output is 0, and they are left out here.`,
      );
    return sentences;
  },
};
