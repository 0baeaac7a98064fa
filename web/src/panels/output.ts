import { binEdges } from "../state/known.ts";
import { powerOfTen, text } from "../words/format.ts";
import { histogramPoints, lawLines, type Panel } from "./panel.ts";

const SMALLEST_SHARE = 1e-5;

/** ln z² to log10 |z|. */
const decades = (logSquare: number) => logSquare / 2 / Math.LN10;

/** The density of one output on a logarithmic axis, where tails are seen. */
export const output: Panel = {
  id: "output",
  uses: ["output", "prediction", "result"],

  picture({ output: curves, result }) {
    if (!curves) return undefined;
    const edges = binEdges(curves);
    const lines = lawLines(curves, decades);
    const top = Math.max(...lines.flatMap((line) => line.points.map(({ y }) => y)));
    const simulated = histogramPoints(edges, result?.histograms.output).map((point) => ({ ...point, x: decades(point.x) }));
    return {
      name: "one-output",
      description: "Density of the size of one output on logarithmic axes: simulated networks as points, laws as lines",
      x: {
        label: "size |z| of one output",
        domain: [decades(edges[0] ?? 0), decades(edges[edges.length - 1] ?? 1)],
        format: (exponent) => powerOfTen(10 ** exponent),
      },
      y: { label: "density of ln z²", log: true, domain: [SMALLEST_SHARE * top, 2 * top], format: powerOfTen },
      series: [...lines, { label: "simulated", role: "simulated", style: "points", points: simulated }],
    };
  },

  words({ prediction, result }) {
    const best = prediction.exact ?? prediction.finite_width ?? prediction.log_gaussian;
    const { decades: spread, at_infinite_width } = prediction.regime ?? {};
    const sentences = [];
    if (spread !== undefined) {
      sentences.push(
        `Nine of ten networks have outputs whose sizes lie within ${text(spread)} powers of ten; ${text(at_infinite_width.decades)} at infinite width.`,
      );
    }
    const kurtosis = best.output_excess_kurtosis;
    if (kurtosis !== null) {
      const meaning = kurtosis > 1 ? "rare networks have outputs far larger than all others" : "tails are hardly heavier";
      sentences.push(`The law’s excess kurtosis of one output is ${text(kurtosis)}, and 0 of a Gaussian: ${meaning}.`);
    }
    const { gaussian, log_gaussian: logGaussian } = result?.fit ?? {};
    if (gaussian?.output)
      sentences.push(
        `Probabilities of one output are off by ${text(gaussian.output.ks, 2)} in the Gaussian limit and by ${text(logGaussian.output.ks, 2)} in the log-Gaussian one.`,
      );
    return sentences;
  },
};
