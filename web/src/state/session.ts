import type { Json, Remote, Result, Simulate, SimulationOptions } from "../core/core.ts";
import { binEdges, type Known, type Limits } from "./known.ts";
import { fieldsOf, hasGradients } from "./network.ts";
import type { View } from "./view.ts";

/** A view that has stood for so long, in milliseconds, is simulated; before, only its laws are drawn. */
const SETTLED_AFTER = 150;
/** A core that answers an outdated question for longer is given up, in milliseconds. */
const PATIENCE = 600;

const EVEN_POINTS = 120;
/** Between two quantiles of a narrow law. */
const NARROW_POINTS = 8;
const WANTED_PATHS = 1000;
/** So many layers' neurons at a time, that answers come within some tenths of a second. */
const NEURONS_AT_A_TIME = 5e6;
const MAP = { width: [8, 2000], depth: [4, 1000], sides: [9, 17] } as const;
/** Gradients take several times as long. */
const MOST_GRADIENTS = 10_000;
/** Probabilities between which one output is shown. */
const OUTPUT_ENDS = [0.005, 0.99999];

export interface Cores {
  open: () => Remote;
  simulate: Simulate;
}

/** Says what is known of the last view, whenever that grows; `fault` is the core's message if it refuses the network. */
export type Listener = (known: Known) => void;

/** Asks the core about one view after the other, and drops what is outdated. */
export class Session {
  readonly #cores: Cores;
  readonly #learned: Listener;
  readonly #refused: (fault: string) => void;
  readonly #curves: Asker;
  readonly #laws: Asker;
  readonly #background: Asker;
  #view: View | undefined;
  #stopped: View | undefined;
  #shownAt = 0;
  #isFollowing = false;
  #isRedrawing = false;
  #known: Known | undefined;
  #endSimulation: () => void = () => {};
  #limits: { of: string; limits: Limits } | undefined;
  #wantMap: () => void = () => {};
  readonly #mapIsWanted = new Promise<void>((resolve) => {
    this.#wantMap = resolve;
  });

  constructor(cores: Cores, learned: Listener, refused: (fault: string) => void) {
    this.#cores = cores;
    this.#learned = learned;
    this.#refused = refused;
    this.#curves = new Asker(cores.open);
    this.#laws = new Asker(cores.open);
    this.#background = new Asker(cores.open);
  }

  show(view: View): void {
    this.#endSimulation();
    this.#view = view;
    this.#shownAt = performance.now();
    for (const asker of [this.#curves, this.#laws, this.#background]) asker.hurry();
    if (!this.#isRedrawing) void this.#redraw();
    if (!this.#isFollowing) void this.#follow();
  }

  /** Maps are drawn from now on: they take a while. */
  wantMap(): void {
    this.#wantMap();
  }

  /** Simulates no more of the view; what was found stays. */
  stop(): void {
    this.#stopped = this.#view;
    this.#endSimulation();
  }

  /** What describes the view elsewhere. */
  copy(view: View): Promise<{ command: string; toml: string }> {
    return this.#laws.core.copy(fieldsOf(view.network), view.samples, view.seed);
  }

  /** Curves follow a slider at once, where they were, in a core of their own; the rest comes some hundredths of a second later. */
  async #redraw(): Promise<void> {
    this.#isRedrawing = true;
    try {
      while (this.#known && this.#view && this.#known.view !== this.#view) {
        const view = this.#view;
        const fields = fieldsOf(view.network);
        const { points } = this.#known.norm;
        const laws = await this.#curves.core.density(fields, "norm", points);
        if (view !== this.#view || this.#known.view === view) continue;
        const { prediction, atInfiniteWidth } = this.#known;
        const { regime: _, ...former } = prediction;
        this.#learn({ view, fields, prediction: former, norm: { points, laws }, atInfiniteWidth, done: 0 });
      }
    } catch {
      // A network that is refused: whoever asks for all else says so.
    }
    this.#isRedrawing = false;
  }

  /** The last view, even if others were shown while one was asked about. */
  async #follow(): Promise<void> {
    this.#isFollowing = true;
    let view: View | undefined;
    while (view !== this.#view) {
      view = this.#view;
      if (view) await this.#ask(view);
    }
    this.#isFollowing = false;
  }

  async #ask(view: View): Promise<void> {
    const isOutdated = () => view !== this.#view;
    try {
      await this.#learnLaws(view);
      if (isOutdated()) return;
      while (performance.now() - this.#shownAt < SETTLED_AFTER) {
        await sleep(SETTLED_AFTER / 5);
        if (isOutdated()) return;
      }
      await this.#learnOutput(view);
      if (isOutdated()) return;
      const finished = this.#simulate(view);
      void this.#learnInBackground(view);
      await this.#learnRegime(view);
      if (isOutdated()) return;
      await finished;
      if (!isOutdated() && this.#known?.done === view.samples) await this.#learnGradients(view);
    } catch (error) {
      if (!isOutdated() && !(error instanceof Outdated)) this.#refused(messageOf(error));
    }
  }

  async #learnLaws(view: View): Promise<void> {
    const fields = fieldsOf(view.network);
    const core = this.#laws.core;
    const prediction = await core.predict(fields, { regime: false });
    const quantiles = lawsIn(prediction).map((law) => Object.values<number>(law.log_output_norm2.quantiles));
    const points = pointsFor(quantiles, Object.values<number>(prediction.gaussian.log_output_norm2.quantiles));
    const norm = { points, laws: await core.density(fields, "norm", points) };
    const atInfiniteWidth = await core.infiniteWidth(fields);
    if (view !== this.#view) return;
    const of = limitsKey(view);
    const limits = this.#limits?.of === of ? this.#limits.limits : undefined;
    this.#learn({ view, fields, prediction, norm, atInfiniteWidth, done: 0, ...(limits && { limits }) });
  }

  async #learnOutput(view: View): Promise<void> {
    const one = { ...fieldsOf(view.network), outputs: 1 };
    const core = this.#laws.core;
    const quantiles = await core.quantiles(one, Float64Array.of(...OUTPUT_ENDS));
    const points = pointsFor(Object.values(quantiles).map((law) => [...law]));
    const output = { points, laws: await core.density(one, "norm", points) };
    if (view === this.#view) this.#learn({ output });
  }

  async #learnRegime(view: View): Promise<void> {
    const prediction = await this.#laws.core.predict(fieldsOf(view.network), {
      gradients: hasGradients(view.network),
      regime: true,
    });
    if (view === this.#view) this.#learn({ prediction });
  }

  #simulate(view: View): Promise<void> {
    const { norm, output } = this.#known as Known;
    return this.#run(
      view,
      { samples: view.samples, edges: { norm: binEdges(norm), ...(output && { output: binEdges(output) }) } },
      (result, done) => ({ result, done }),
    );
  }

  /** They take longer, and have a simulation of their own, when there is time. */
  async #learnGradients(view: View): Promise<void> {
    const law = this.#known?.prediction.gradients?.random;
    if (!law) return;
    const points = pointsFor([Object.values<number>(law.quantiles)]);
    const gradient = { points, laws: await this.#laws.core.density(fieldsOf(view.network), "gradient", points) };
    if (view !== this.#view) return;
    this.#learn({ gradient });
    await this.#run(
      view,
      { samples: Math.min(view.samples, MOST_GRADIENTS), gradients: "random", edges: { gradient: binEdges(gradient) } },
      (gradientResult) => ({ gradientResult }),
      (gradientFault) => this.#learn({ gradientFault }),
    );
  }

  /** Resolves when all networks are there, or no more will come. */
  #run(
    view: View,
    options: Pick<SimulationOptions, "samples" | "gradients" | "edges">,
    news: (result: Result, done: number) => Partial<Known>,
    failed: (fault: string) => void = this.#refused,
  ): Promise<void> {
    if (view === this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const simulation = this.#cores.simulate(fieldsOf(view.network), {
        ...options,
        seed: view.seed,
        progress: (result, done) => {
          if (view === this.#view) this.#learn(news(result, done));
          if (done === options.samples) resolve();
        },
        failed: (error) => {
          if (view === this.#view) failed(error.message);
          resolve();
        },
      });
      this.#endSimulation = () => {
        simulation.stop();
        resolve();
      };
    });
  }

  async #learnInBackground(view: View): Promise<void> {
    try {
      await this.#learnPaths(view);
      await this.#mapIsWanted;
      if (view === this.#view) await this.#learnLimits(view);
    } catch (error) {
      if (view === this.#view && !(error instanceof Outdated)) this.#refused(messageOf(error));
    }
  }

  async #learnPaths(view: View): Promise<void> {
    const { network, seed } = view;
    const length = network.depth + 2;
    const chunk = Math.max(1, Math.floor(NEURONS_AT_A_TIME / (network.width * network.depth)));
    const paths: Float64Array[] = [];
    while (paths.length < WANTED_PATHS) {
      const count = Math.min(paths.length === 0 ? 50 : chunk, chunk, WANTED_PATHS - paths.length);
      const found = await this.#background.core.paths(fieldsOf(network), seed, paths.length, count);
      if (view !== this.#view) return;
      for (let i = 0; i < count; ++i) paths.push(found.subarray(i * length, (i + 1) * length));
      this.#learn({ paths: { paths: [...paths], wanted: WANTED_PATHS } });
    }
  }

  async #learnLimits(view: View): Promise<void> {
    const of = limitsKey(view);
    if (this.#limits?.of === of) return;
    for (const side of MAP.sides) {
      const widths = sizes(MAP.width, side);
      const depths = sizes(MAP.depth, side);
      const distances = [];
      for (const depth of depths) {
        for (const width of widths) {
          distances.push(await this.#background.core.distances(fieldsOf({ ...view.network, width, depth })));
          if (view !== this.#view) return;
        }
      }
      const limits = { widths, depths, distances };
      if (side === MAP.sides.at(-1)) this.#limits = { of, limits };
      this.#learn({ limits });
    }
  }

  #learn(news: Partial<Known>): void {
    this.#known = "fields" in news ? (news as Known) : { ...(this.#known as Known), ...news };
    this.#learned(this.#known);
  }
}

/** An answer that nobody waits for any more. */
class Outdated extends Error {}

/** A core that can be given up for a new one while it answers. It is asked one question at a time. */
class Asker {
  readonly #open: () => Remote;
  #core: Remote;
  #question: object | undefined;

  constructor(open: () => Remote) {
    this.#open = open;
    this.#core = open();
  }

  /** Its functions. What it was asked before it was given up is Outdated. */
  get core(): Remote {
    return new Proxy(this.#core, {
      get:
        (core, name: keyof Remote) =>
        async (...given: never[]) => {
          const question = {};
          this.#question = question;
          try {
            return await (core[name] as (...given: never[]) => Promise<unknown>)(...given);
          } catch (error) {
            throw core === this.#core ? error : new Outdated();
          } finally {
            if (this.#question === question) this.#question = undefined;
          }
        },
    });
  }

  /** What is being answered now is outdated: it may take a little longer, but not for long. */
  hurry(): void {
    const question = this.#question;
    if (!question) return;
    setTimeout(() => {
      if (this.#question !== question) return;
      const core = this.#core;
      this.#core = this.#open();
      core.stop();
    }, PATIENCE);
  }
}

function lawsIn(prediction: Json): Json[] {
  return Object.values<Json>(prediction).filter((part) => part?.log_output_norm2);
}

/** Points from the smallest to the largest quantile, evenly, and more where a narrow law has its own. */
function pointsFor(quantiles: readonly (readonly number[])[], narrow: readonly number[] = []): Float64Array {
  const finite = quantiles.flat().filter(Number.isFinite);
  const even = between(Math.min(...finite), Math.max(...finite), EVEN_POINTS);
  const more = narrow.slice(1).flatMap((high, i) => between(narrow[i] ?? high, high, NARROW_POINTS));
  return Float64Array.from(new Set([...even, ...more])).sort();
}

function between(low: number, high: number, steps: number): number[] {
  return Array.from({ length: steps + 1 }, (_, i) => low + ((high - low) * i) / steps);
}

/** What the map depends on: all but width and depth. */
function limitsKey({ network }: View): string {
  return JSON.stringify({ ...network, width: 0, depth: 0 });
}

/** Whole numbers between two, evenly on a logarithmic scale. */
function sizes([low, high]: readonly [number, number], count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.round(low * (high / low) ** (i / (count - 1))));
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
