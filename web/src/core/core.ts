/** What the page knows of initlaw's C++ core, which computes every number. */

/** A network's fields, as JSON of the command has them under "network", with those of "input" beside them. */
export type Fields = Record<string, unknown>;

/** JSON as the command writes it; the guide lists its keys. */
export type Json = any;

/** Values by law: 'gaussian', 'log_gaussian', 'finite_width' and 'exact', those that the network has. */
export type Laws = Record<string, Float64Array>;

/** Pure functions of a network. What throws throws an Error with the command's one-line message. */
export interface Core {
  /** The network with all defaults filled in. */
  network(fields: Fields): Fields;

  /** JSON of `initlaw predict`; without regime, in less time. */
  predict(fields: Fields, options?: { gradients?: boolean; regime?: boolean }): Json;

  /** The density of ln||z_out||^2, or of ln|z_out,1|^2, at each point. */
  density(fields: Fields, of: "norm" | "output", points: Float64Array): Laws;

  /** The quantiles of ln||z_out||^2. */
  quantiles(fields: Fields, probabilities: Float64Array): Laws;

  /** The Kolmogorov-Smirnov distance of each law of ln||z_out||^2 from the best known one. */
  distances(fields: Fields): Record<string, number>;

  /** ln(||z_l||^2 / E||z_l||^2) for l = 0..depth of simulate()'s networks first, first + 1, ..., one after the other. */
  paths(fields: Fields, seed: number, first: number, count: number): Float64Array;

  /** The command and the file net.toml that describe the network to initlaw's command. */
  copy(fields: Fields, samples: number, seed: number): { command: string; toml: string };
}

export interface Simulation {
  /** Ends it at once; progress is not called any more. */
  stop(): void;
}

export interface SimulationOptions {
  samples: number;
  seed: number;
  gradients?: "random" | "orthogonal";
  /** Called with JSON of `initlaw compare`, of the first `done` networks, now and then, and last of all of them. */
  progress: (result: Json, done: number) => void;
  /** Called instead when it cannot go on. */
  failed: (error: Error) => void;
}

/** Simulates in workers; the result does not depend on their number. */
export type Simulate = (fields: Fields, options: SimulationOptions) => Simulation;
