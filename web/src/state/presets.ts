import { applies, type Key, type Network, STANDARD } from "./network.ts";

export interface Preset {
  name: string;
  network: Network;
}

export const PRESETS: readonly Preset[] = [
  { name: "The paper’s ResNet", network: STANDARD },
  { name: "Its Balanced twin", network: { ...STANDARD, family: "balanced" } },
  { name: "He MLP", network: { ...STANDARD, family: "fully-connected", depth: 20 } },
  { name: "Stable ResNet", network: { ...STANDARD, family: "stable", lambda: 1 } },
  {
    name: "Pre-norm GELU block",
    network: {
      ...STANDARD,
      alpha: 1,
      lambda: 0.5,
      tied: false,
      branch: "linear-first",
      branch_depth: 2,
      expansion: 4,
      norm: "pre",
      activation: "gelu",
    },
  },
];

/** The preset that the network is, if it is one. */
export function presetOf(network: Network): Preset | undefined {
  const keys = (Object.keys(STANDARD) as Key[]).filter((key) => key === "family" || applies(network, key));
  return PRESETS.find((preset) => keys.every((key) => preset.network[key] === network[key]));
}
