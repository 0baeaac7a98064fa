import { applies, type Network } from "../state/network.ts";
import type { View } from "../state/view.ts";

type Argument = [name: string, value: string];

const MAKERS = { vanilla: "vanilla", balanced: "balanced", stable: "stable", "fully-connected": "fully_connected" } as const;

/** What differs from the functions' defaults, as a literal that is the same number in both languages. */
function numbers(network: Network, names: { lambda: string; residualScale: string }): Argument[] {
  const isStable = network.family === "stable";
  const standard = isStable ? { alpha: 1, lambda: 1 } : { alpha: Math.SQRT1_2, lambda: Math.SQRT1_2 };
  const branchDepth = network.branch === "linear-first" ? 2 : 1;
  const given: [string, number, boolean][] = [
    ["width", network.width, true],
    ["depth", network.depth, true],
    ["alpha", network.alpha, applies(network, "alpha") && network.alpha !== standard.alpha],
    [
      isStable ? names.residualScale : names.lambda,
      network.lambda,
      applies(network, "lambda") && network.lambda !== standard.lambda,
    ],
    ["outputs", network.outputs, network.outputs !== 1],
    ["leak", network.leak, applies(network, "leak") && network.leak !== 0],
    ["branch_depth", network.branch_depth, applies(network, "branch_depth") && network.branch_depth !== branchDepth],
  ];
  return given.filter(([, , isGiven]) => isGiven).map(([name, value]) => [name, String(value)]);
}

function architecture(network: Network): Argument[] {
  const given: [string, string | number, boolean][] = [
    ["branch", network.branch, network.branch !== "activation-first"],
    ["branch_width", Math.max(1, Math.round(network.expansion * network.width)), network.branch === "linear-first"],
    ["norm", network.norm, network.norm !== "none"],
    ["activation", network.activation, network.activation !== "relu"],
    ["weights", network.weights, network.weights !== "gaussian"],
  ];
  return given.filter(([, , isGiven]) => isGiven).map(([name, value]) => [name, String(value)]);
}

const hasFlips = (network: Network) => applies(network, "flip") && network.flip !== 0;

export function python({ network, samples, seed }: View): string {
  const quoted = architecture(network).map(([name, value]): Argument => [name, name === "branch_width" ? value : `"${value}"`]);
  const flip: Argument[] = hasFlips(network) ? [["flip", String(network.flip)]] : [];
  const given = [...numbers(network, { lambda: "lambda_", residualScale: "residual_scale" }), ...flip, ...quoted];
  return `import initlaw

net = initlaw.${MAKERS[network.family]}(${given.map(([name, value]) => `${name}=${value}`).join(", ")})
ensemble = initlaw.simulate(net, samples=${samples}, seed=${seed})
for law in initlaw.laws(net):
    print(law.kind, initlaw.compare(ensemble, law))
`;
}

const ENUMS: Record<string, (value: string) => string> = {
  branch: () => "initlaw::Branch::kLinearFirst",
  branch_width: (value) => value,
  norm: (value) => `initlaw::Normalization::k${value === "pre" ? "Pre" : "Final"}`,
  activation: (value) => `initlaw::Activation::k${value.charAt(0).toUpperCase()}${value.slice(1)}`,
  weights: () => "initlaw::Weights::kOrthogonal",
};

export function cpp({ network, samples, seed }: View): string {
  const inner = architecture(network).map(([name, value]) => `.${name} = ${ENUMS[name]?.(value) ?? value}`);
  const given = numbers(network, { lambda: "lambda", residualScale: "residual_scale" }).map(
    ([name, value]) => `.${name} = ${value}`,
  );
  if (inner.length) given.push(`.architecture = {${inner.join(", ")}}`);
  const flips = hasFlips(network) ? `.with_flip(${network.flip})` : "";
  return `#include <initlaw/initlaw.hpp>
#include <iostream>

int main() {
  const auto network = initlaw::${MAKERS[network.family]}({${given.join(", ")}})${flips};
  const auto law = initlaw::infinite_depth_and_width(network);
  const auto ensemble = initlaw::simulate(network, {.samples = ${samples}, .seed = ${seed}});
  std::cout << "The log-Gaussian limit " << to_string(initlaw::compare(ensemble, law).verdict) << "\\n";
}
`;
}
