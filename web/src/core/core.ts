/** What the page knows of initlaw's C++ core, which computes every number. */

/** A network's fields, as JSON of the command has them under "network". */
export type Fields = Record<string, unknown>;

/** JSON as the command writes it; the guide lists its keys. */
// biome-ignore lint/suspicious/noExplicitAny: its keys are the guide's
export type Json = any;

/** A simulated number and its standard error. */
export interface Estimate {
  value: number;
  /** Null where so few numbers have none. */
  std_error: number | null;
}

/** Values by law: 'gaussian', 'log_gaussian', 'finite_width' and 'exact', those that the network has; or 'gradient'. */
export type Laws = Record<string, Float64Array>;

/** The core in a worker. A promise is rejected by an Error with the command's one-line message. */
export interface Remote {
  /** The network with all defaults filled in. */
  network(fields: Fields): Promise<Fields>;

  /** JSON of `initlaw predict`; without regime, in less time. */
  predict(fields: Fields, options?: { gradients?: boolean; regime?: boolean }): Promise<Json>;

  /**
   * The density at each point: of ln||z_out||^2, of ln z^2 of one output z, or of the growth of gradients of a random
   * direction.
   */
  density(fields: Fields, of: "norm" | "output" | "gradient", points: Float64Array): Promise<Laws>;

  /** The quantiles of ln||z_out||^2. */
  quantiles(fields: Fields, probabilities: Float64Array): Promise<Laws>;

  /** ln||z_l||^2 at infinite width, l = 0..depth. */
  infiniteWidth(fields: Fields): Promise<Float64Array>;

  /**
   * The Kolmogorov-Smirnov distance of each law of ln||z_out||^2 from the best one. The best itself is missing where it
   * is known to first order in 1/n only, and all are where no law is of any use.
   */
  distances(fields: Fields): Promise<Record<string, number>>;

  /**
   * How simulate()'s networks first, first + 1, ... grow, one after the other: for each ln||z_l||^2, l = 0..depth, and
   * last ln||z_out||^2, all less their logarithms at infinite width. Of a dead network both of the last are -Infinity.
   */
  paths(fields: Fields, seed: number, first: number, count: number): Promise<Float64Array>;

  /** The command that simulates the network, and its file net.toml. */
  copy(fields: Fields, samples: number, seed: number): Promise<{ command: string; toml: string }>;

  /** Ends the worker and rejects what waits. */
  stop(): void;
}

export interface Simulation {
  /** Ends it at once; progress is not called any more. */
  stop(): void;
}

/** A simulated density, one number for each interval between edges. */
export interface Density {
  density: number[];
  std_error: number[];
}

/** What was simulated until now. */
export interface Result {
  simulation: Json;
  /** By law. But for the last result, of the distances that of Kolmogorov and Smirnov alone. */
  fit: Json;
  /** In the last result alone, which with it is JSON of `initlaw compare`. */
  prediction?: Json;
  histograms: { norm?: Density; output?: Density; gradient?: Density };
  /** The Kolmogorov-Smirnov distance below which so many networks do not tell a law from the truth. */
  resolution: number;
}

export interface SimulationOptions {
  samples: number;
  seed: number;
  gradients?: "random" | "orthogonal";
  /** Between which densities are wanted: of ln||z_out||^2, of ln z^2 of one output z, and of the growth of gradients. */
  edges?: { norm?: Float64Array; output?: Float64Array; gradient?: Float64Array };
  /** Called with what the first `done` networks show, now and then, and twice with all of them. */
  progress: (result: Result, done: number) => void;
  /** Called instead when it cannot go on. */
  failed: (error: Error) => void;
}

/** Simulates in workers; the result does not depend on their number. */
export type Simulate = (fields: Fields, options: SimulationOptions) => Simulation;
