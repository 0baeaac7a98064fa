import type { Json } from "../core/core.ts";
import { binEdges, type Known } from "../state/known.ts";
import { hasGradients } from "../state/network.ts";
import { factor, text, withError } from "../words/format.ts";
import { fanPicture } from "./fan.ts";
import { histogramPoints, MOST_POINTS, type Panel, thinned } from "./panel.ts";

/** Why there is nothing to be said, or not yet. */
function silence({ prediction, view }: Known): string {
  if (!hasGradients(view.network))
    return "Gradients are simulated here in networks of activation-first branches with Gaussian weights and without normalization; of others the command does it, with --method dense.";
  const reason = prediction.gradients?.no_law;
  return reason ? `Here gradients have no law: ${reason}.` : "The law of gradients is being computed.";
}

/** Mean and spread of ln‖∂f/∂zₗ‖² by layer. */
export const gradientLayers: Panel = {
  id: "gradient-layers",
  uses: ["prediction", "gradientResult", "gradientFault", "view"],

  picture({ prediction, gradientResult: result, atInfiniteWidth }) {
    const laws: Json[] | undefined = prediction.gradients?.random?.layers;
    if (!laws?.length) return undefined;
    const last = atInfiniteWidth.length - 1;
    return fanPicture(
      {
        name: "gradient-by-layer",
        description: "Mean and spread of the logarithm of the gradient's squared norm by layer",
        y: "ln ‖∂f/∂zₗ‖²",
      },
      laws.map(({ layer, log_norm2_mean: mean, log_norm2_variance: variance }) => ({ layer, mean, variance })),
      "log-gaussian",
      Array.from(atInfiniteWidth, (y, x) => ({ x, y: (atInfiniteWidth[last] ?? 0) - y })),
      thinned<Json>(result?.simulation.gradients?.layers ?? [], MOST_POINTS).map(({ item, index }) => ({
        layer: index,
        mean: item.log_norm2_mean,
        variance: item.log_norm2_variance,
      })),
    );
  },

  words(known) {
    const { prediction, gradientResult: result, gradientFault } = known;
    const laws: Json[] | undefined = prediction.gradients?.random?.layers;
    if (!laws?.length) return [silence(known)];
    const first = laws[0];
    const sentences = [
      `Read from right to left: before the first layer the gradient’s squared norm has the typical size ${factor(first.log_norm2_mean)}, give or take a factor of ${factor(Math.sqrt(first.log_norm2_variance))} from one initialization to the next.`,
    ];
    const simulated = result?.simulation.gradients?.layers[0];
    if (simulated) {
      const { log_norm2_mean: mean, log_norm2_variance: variance } = simulated;
      sentences.push(
        `Simulated: ln ‖∂f/∂z₀‖² has the mean ${withError(mean.value, mean.std_error)} and the variance ${withError(variance.value, variance.std_error)}; the law says ${text(first.log_norm2_mean)} and ${text(first.log_norm2_variance)}.`,
      );
    }
    if (gradientFault) sentences.push(`They are not simulated here: ${gradientFault}.`);
    return sentences;
  },
};

/** The density of the growth of gradients from the last layer to the first. */
export const gradient: Panel = {
  id: "gradient",
  uses: ["gradient", "prediction", "gradientResult", "gradientFault", "view"],

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

  words(known) {
    const { prediction, gradientResult: result, gradientFault } = known;
    const law = prediction.gradients?.random;
    if (!law) return [silence(known)];
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
    if (gradientFault) sentences.push(`They are not simulated here: ${gradientFault}.`);
    return sentences;
  },
};
