import type { Fields } from "../core/core.ts";

/** What the page lets one choose of a network. `alpha` is unused where the family fixes it, and so on: see `applies`. */
export interface Network {
  family: "vanilla" | "balanced" | "stable" | "fully-connected";
  width: number;
  depth: number;
  outputs: number;
  alpha: number;
  lambda: number;
  /** Keeps alpha^2 + lambda^2 = 1. */
  tied: boolean;
  leak: number;
  flip: number;
  branch_depth: number;
  branch: "activation-first" | "linear-first";
  /** Neurons inside a linear-first branch, in multiples of the width. */
  expansion: number;
  norm: "none" | "pre" | "final";
  activation: "relu" | "gelu" | "silu" | "tanh" | "erf";
  weights: "gaussian" | "orthogonal";
}

export type Key = keyof Network;

export interface NumberControl {
  key: Key;
  label: string;
  symbol?: string;
  low: number;
  high: number;
  scale: "linear" | "log";
  /** Numbers that a slider stops at have so many significant digits, or are whole. */
  digits: number | "whole";
  help?: string;
}

export interface ChoiceControl {
  key: Key;
  label: string;
  choices: readonly { value: string; label: string }[];
  help: string;
}

export const NUMBERS: readonly NumberControl[] = [
  {
    key: "width",
    label: "Width",
    symbol: "n",
    low: 2,
    high: 2000,
    scale: "log",
    digits: "whole",
  },
  { key: "depth", label: "Depth", symbol: "d", low: 1, high: 1000, scale: "log", digits: "whole" },
  {
    key: "alpha",
    label: "Skip scale",
    symbol: "α",
    low: 0,
    high: 1.5,
    scale: "linear",
    digits: 3,
    help: "what each layer keeps of the one before",
  },
  {
    key: "lambda",
    label: "Branch scale",
    symbol: "λ",
    low: 0,
    high: 1.5,
    scale: "linear",
    digits: 3,
    help: "what each layer’s branch adds",
  },
  {
    key: "outputs",
    label: "Outputs",
    symbol: "n_out",
    low: 1,
    high: 1000,
    scale: "log",
    digits: "whole",
  },
  {
    key: "leak",
    label: "Leak",
    low: -1,
    high: 1,
    scale: "linear",
    digits: 2,
    help: "slope of the activation's negative side: 0 is ReLU, 1 the identity, −1 the absolute value",
  },
  {
    key: "flip",
    label: "Sign flips",
    low: 0,
    high: 1,
    scale: "linear",
    digits: 2,
    help: "probability that a neuron's sign changes between layers: 0 is vanilla, ½ Balanced",
  },
  {
    key: "branch_depth",
    label: "Branch depth",
    low: 1,
    high: 8,
    scale: "linear",
    digits: "whole",
    help: "weight layers in a residual branch",
  },
  {
    key: "expansion",
    label: "Branch width",
    low: 0.25,
    high: 8,
    scale: "log",
    digits: 2,
    help: "neurons inside a branch, in multiples of the width",
  },
];

export const CHOICES: readonly ChoiceControl[] = [
  {
    key: "family",
    label: "Family",
    help: "how the layers are scaled",
    choices: [
      { value: "vanilla", label: "ResNet" },
      { value: "balanced", label: "Balanced ResNet" },
      { value: "stable", label: "Stable ResNet (λ/√d)" },
      { value: "fully-connected", label: "MLP, He initialization" },
    ],
  },
  {
    key: "branch",
    label: "Branch",
    help: "what stands first in a residual branch",
    choices: [
      { value: "activation-first", label: "activation first" },
      { value: "linear-first", label: "linear first" },
    ],
  },
  {
    key: "norm",
    label: "Normalization",
    help: "what each branch reads",
    choices: [
      { value: "none", label: "none" },
      { value: "pre", label: "before each branch" },
      { value: "final", label: "and before the output" },
    ],
  },
  {
    key: "activation",
    label: "Activation",
    help: "smooth ones need a normalization",
    choices: [
      { value: "relu", label: "ReLU, leaky" },
      { value: "gelu", label: "GELU" },
      { value: "silu", label: "SiLU" },
      { value: "tanh", label: "tanh" },
      { value: "erf", label: "erf" },
    ],
  },
  {
    key: "weights",
    label: "Weights",
    help: "law of the weight matrices",
    choices: [
      { value: "gaussian", label: "Gaussian" },
      { value: "orthogonal", label: "orthogonal" },
    ],
  },
];

/** The paper's standard ResNet. */
export const STANDARD: Network = {
  family: "vanilla",
  width: 100,
  depth: 50,
  outputs: 10,
  alpha: Math.SQRT1_2,
  lambda: Math.SQRT1_2,
  tied: true,
  leak: 0,
  flip: 0,
  branch_depth: 1,
  branch: "activation-first",
  expansion: 1,
  norm: "none",
  activation: "relu",
  weights: "gaussian",
};

/** Whether a network of that family and architecture has the field at all. */
export function applies(network: Network, key: Key): boolean {
  const { family, branch, activation } = network;
  switch (key) {
    case "alpha":
    case "tied":
      return family === "vanilla" || family === "balanced";
    case "lambda":
    case "branch":
    case "branch_depth":
      return family !== "fully-connected";
    case "flip":
      return (family === "vanilla" || family === "stable") && branch === "activation-first";
    case "expansion":
      return branch === "linear-first";
    case "leak":
      return activation === "relu";
    default:
      return true;
  }
}

/**
 * The network with one field changed, and with it those that would contradict the change: the last word is the user's.
 * Which combinations there are is the core's rule; this follows it so that no click ends in an error.
 */
export function change<K extends Key>(network: Network, key: K, value: Network[K]): Network {
  const next = { ...network, [key]: value };
  if (next.family === "fully-connected") next.branch = "activation-first";
  if (key === "family" && value === "balanced") next.branch = "activation-first";
  if (key === "activation" && value !== "relu" && next.norm === "none") next.norm = "pre";
  if (key === "norm" && value === "none") next.activation = "relu";
  if (key === "weights" && value === "orthogonal") next.branch = "activation-first";
  if (next.branch === "linear-first") {
    if (next.family === "balanced") next.family = "vanilla";
    next.weights = "gaussian";
    next.branch_depth = Math.max(2, next.branch_depth);
  } else if (key === "branch") {
    next.branch_depth = 1;
  }
  if (next.activation !== "relu") {
    const one = next.branch === "linear-first" ? 2 : 1;
    if (key === "branch_depth" && next.branch_depth !== one) next.activation = "relu";
    else next.branch_depth = one;
  }
  if (applies(next, "tied") && next.tied) {
    if (key === "lambda") {
      next.lambda = Math.min(1, next.lambda);
      next.alpha = partner(next.lambda);
    } else if (key === "alpha" || key === "tied" || key === "family") {
      next.alpha = Math.min(1, next.alpha);
      next.lambda = partner(next.alpha);
    }
  }
  return next;
}

function partner(scale: number): number {
  return scale === Math.SQRT1_2 ? Math.SQRT1_2 : Math.sqrt(1 - scale * scale);
}

/** The fields as the core takes them. */
export function fieldsOf(network: Network): Fields {
  const fields: Fields = { family: network.family, width: network.width, depth: network.depth, outputs: network.outputs };
  for (const key of ["alpha", "lambda", "leak", "flip", "branch_depth"] as const) {
    if (applies(network, key)) fields[key] = network[key];
  }
  if (network.branch === "linear-first") {
    fields.branch = network.branch;
    fields.branch_width = Math.max(1, Math.round(network.expansion * network.width));
  }
  if (network.norm !== "none") fields.norm = network.norm;
  if (network.activation !== "relu") fields.activation = network.activation;
  if (network.weights !== "gaussian") fields.weights = network.weights;
  return fields;
}

/** Gradients of others take all weights, which a browser has no time for. */
export function hasGradients({ norm, branch, weights }: Network): boolean {
  return norm === "none" && branch === "activation-first" && weights === "gaussian";
}
