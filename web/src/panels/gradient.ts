import { binEdges } from "../state/known.ts";
import { factor, text, withError } from "../words/format.ts";
import { histogramPoints, type Panel } from "./panel.ts";

/** The density of the growth of gradients from the last layer to the first. */
export const gradient: Panel = {
  id: "gradient",
  uses: ["gradient", "prediction", "gradientResult"],

  picture({ gradient: curves, gradientResult: result }) {
    if (!curves) return undefined;
    const edges = binEdges(curves);
    const width = (edges[1] ?? 0) - (edges[0] ?? 0);
    const law = curves.laws.gradient;
    return {
      name: "gradient-growth-density",
      description:
        "Density of the growth of the gradient's squared norm from the last layer to the first: simulated as a histogram, its law as a line",
      x: {
        label: "growth of ln ‖∂f/∂z‖² from the last layer to the first",
        domain: [edges[0] ?? 0, edges[edges.length - 1] ?? 1],
      },
      y: { label: "density" },
      series: [
        {
          label: "simulated",
          role: "simulated",
          style: "bars",
          points: histogramPoints(edges, result?.histograms.gradient),
          width,
        },
        {
          label: "law of gradients",
          role: "log-gaussian",
          style: "line",
          points: Array.from(curves.points, (x, i) => ({ x, y: law?.[i] ?? Number.NaN })),
        },
      ],
    };
  },

  words({ prediction, gradientResult: result }) {
    const law = prediction.gradients?.random;
    if (!law)
      return [
        "Gradients are simulated here in networks of activation-first branches with Gaussian weights and without normalization; of others the command does it, with --method dense.",
      ];
    const sentences = [
      `From the last layer back to the first the gradient’s squared norm is multiplied by ${factor(law.mean)}, give or take a factor of ${factor(Math.sqrt(law.variance))}. Infinite width has no spread here, either.`,
    ];
    const simulated = result?.simulation.gradients?.log_growth;
    if (simulated) {
      sentences.push(
        `Simulated: mean ${withError(simulated.mean.value, simulated.mean.std_error)}, variance ${withError(simulated.variance.value, simulated.variance.std_error)}; the law says ${text(law.mean)} and ${text(law.variance)}.`,
      );
      const fit = result?.fit?.gradients;
      if (fit) sentences.push(`No probability is off by more than ${text(fit.ks, 2)}.`);
    }
    return sentences;
  },
};
