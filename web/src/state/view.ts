import { type Network, STANDARD } from "./network.ts";

/** All that decides what the page shows. */
export interface View {
  network: Network;
  samples: number;
  seed: number;
}

/** How many networks one can ask for. */
export const SAMPLES: readonly number[] = [1e3, 1e4, 1e5, 1e6];

export const LARGEST_SEED = 999_999;

export const START: View = { network: STANDARD, samples: 1e5, seed: 1 };
