import type { Point } from "../charts/picture.ts";
import type { Json } from "../core/core.ts";
import { factor, text, withError } from "../words/format.ts";
import { fanPicture } from "./fan.ts";
import { MOST_POINTS, type Panel, thinned } from "./panel.ts";

/** Mean and spread of ln(‖zₗ‖²/n) by layer. */
export const fan: Panel = {
  id: "fan",
  uses: ["prediction", "result", "view"],

  picture({ prediction, result, atInfiniteWidth }) {
    const logWidth = Math.log(prediction.network.width);
    return fanPicture(
      {
        name: "log-norm-by-layer",
        description: "Mean and spread of the logarithm of a layer's squared norm from the first layer to the last",
        y: "ln (‖zₗ‖²/n)",
      },
      prediction.layers.map((layer: Json, index: number) => {
        const law = layer.finite_width ?? layer;
        return { layer: index, mean: law.log_norm2_mean - logWidth, variance: law.log_norm2_variance };
      }),
      prediction.layers[0]?.finite_width ? "finite-width" : "log-gaussian",
      Array.from(atInfiniteWidth.subarray(0, prediction.layers.length), (y, x) => ({ x, y: y - logWidth })),
      thinned<Json>(result?.simulation.layers ?? [], MOST_POINTS).map(({ item, index }) => ({
        layer: index,
        mean: { ...item.log_norm2_mean, value: item.log_norm2_mean.value - logWidth },
        variance: item.log_norm2_variance,
      })),
    );
  },

  words({ prediction, result }) {
    const law = prediction.finite_width?.G ?? prediction.log_gaussian.G;
    const sentences = [
      `From the input to layer ${prediction.network.depth} the typical ‖z‖² is multiplied by ${factor(law.mean)}, give or take a factor of ${factor(Math.sqrt(law.variance))} from one initialization to the next.`,
      "In the Gaussian limit that band would have no width at all.",
    ];
    if (result) {
      const { mean, variance } = result.simulation.G;
      sentences.push(
        `Simulated: ln ‖z‖² grows by ${withError(mean.value, mean.std_error)}, with a variance of ${withError(variance.value, variance.std_error)}; the law says ${text(law.mean)} and ${text(law.variance)}.`,
      );
    }
    return sentences;
  },
};

/** n E[Sₗ]. */
export const hypoactivation: Panel = {
  id: "hypoactivation",
  uses: ["prediction", "result", "view"],

  picture({ prediction, result }) {
    const line = (value: (layer: Json) => number): Point[] =>
      prediction.layers.map((layer: Json, x: number) => ({ x, y: value(layer) }));
    const simulated = result ? thinned<Json>(result.simulation.layers, MOST_POINTS) : [];
    return {
      name: "hypoactivation",
      description: "Hypoactivation n E[S] by layer: simulated as points, laws as lines",
      x: { label: "layer l" },
      y: { label: "n E[Sₗ]" },
      series: [
        { label: "Gaussian limit", role: "gaussian", style: "line", points: line(() => 0) },
        { label: "log-Gaussian limit", role: "log-gaussian", style: "line", points: line((layer) => layer.hypoactivation) },
        ...(prediction.layers[0]?.finite_width
          ? [
              {
                label: "finite-width law",
                role: "finite-width" as const,
                style: "line" as const,
                points: line((layer) => layer.finite_width.hypoactivation),
              },
            ]
          : []),
        {
          label: "simulated",
          role: "simulated",
          style: "points",
          points: simulated.map(
            ({
              item: {
                hypoactivation: { value, std_error },
              },
              index,
            }) => ({ x: index, y: value, error: std_error }),
          ),
        },
      ],
    };
  },

  words({ prediction, result, view }) {
    const last = prediction.layers.length - 1;
    const predicted = prediction.layers[last].finite_width ?? prediction.layers[last];
    const share = 100 * predicted.active_fraction;
    const relu = view.network.activation === "relu";
    const sentences = [
      Math.abs(share - 50) < 1e-6
        ? `Half of the neurons of layer ${last} are ${relu ? "active" : "positive"} on average.`
        : `Of layer ${last}’s neurons ${text(share, 4)}% are ${relu ? "active" : "positive"}, ${share < 50 ? "fewer" : "more"} than half: a small lack, but every layer repeats it.`,
    ];
    if (result) {
      const { hypoactivation: simulated, active_fraction: active } = result.simulation.layers[last];
      sentences.push(
        `Simulated: ${withError(100 * active.value, active.std_error === null ? null : 100 * active.std_error)}%, and n E[S] = ${withError(simulated.value, simulated.std_error)}; the law says ${text(predicted.hypoactivation)}.`,
      );
    }
    return sentences;
  },
};

/** n Cov(Sₘ, Sₗ). */
export const covariance: Panel = {
  id: "covariance",
  uses: ["prediction", "result", "view"],

  picture({ prediction, result }) {
    const lags = (list: Json[]) => list.filter(({ lag }) => lag > 0);
    const simulated = result ? lags(result.simulation.interlayer_covariance) : [];
    return {
      name: "interlayer-covariance",
      description: "Covariance of two layers' S against their distance: simulated as points, laws as lines",
      x: {
        label: "distance of the layers, l − m",
        log: true,
        format: (value) => (Number.isInteger(value) ? String(value) : ""),
      },
      y: { label: "n Cov(Sₘ, Sₗ)" },
      series: [
        {
          label: "Gaussian limit",
          role: "gaussian",
          style: "line",
          points: lags(prediction.interlayer_covariance).map(({ lag }) => ({ x: lag, y: 0 })),
        },
        {
          label: "log-Gaussian limit",
          role: "log-gaussian",
          style: "line",
          points: lags(prediction.interlayer_covariance).map(({ lag, covariance: y }) => ({ x: lag, y })),
        },
        {
          label: "simulated",
          role: "simulated",
          style: "points",
          points: simulated.map(({ lag, covariance: { value, std_error } }) => ({ x: lag, y: value, error: std_error })),
        },
      ],
    };
  },

  words({ prediction, result, view }) {
    const find = (list: Json[], lag: number) => list.find((entry) => entry.lag === lag)?.covariance;
    const neighbours = find(prediction.interlayer_covariance, 1);
    const own = find(prediction.interlayer_covariance, 0);
    if (neighbours === undefined) return ["A network of one layer has no two layers to compare."];
    const measured = result && find(result.simulation.interlayer_covariance, 1);
    const sentences = [
      Math.abs(neighbours) < 1e-9
        ? "Layers of this network forget each other: their covariance is 0."
        : `Neighbouring layers have a covariance of ${text(neighbours)}, of a layer’s own variance of ${text(own)}: what one layer passes too much, the next does, too.`,
    ];
    if (measured) sentences.push(`Simulated: ${withError(measured.value, measured.std_error)}.`);
    if (Math.abs(neighbours) >= 1e-9)
      sentences.push(`Over ${view.network.depth} layers that adds up, and makes the output’s variance grow.`);
    return sentences;
  },
};
