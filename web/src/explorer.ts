import { buildControls } from "./page/controls.ts";
import { buildCopy, copy } from "./page/copy.ts";
import { buildDot } from "./page/dot.ts";
import { byId } from "./page/element.ts";
import { Figure } from "./page/figure.ts";
import { buildTally } from "./page/tally.ts";
import { gradient, gradientLayers } from "./panels/gradient.ts";
import { covariance, fan, hypoactivation } from "./panels/layers.ts";
import { map } from "./panels/limits.ts";
import { norm } from "./panels/norm.ts";
import { output } from "./panels/output.ts";
import { onePath } from "./panels/paths.ts";
import { fromAddress, toAddress } from "./state/address.ts";
import type { Known } from "./state/known.ts";
import { change } from "./state/network.ts";
import { type Cores, Session } from "./state/session.ts";
import { LARGEST_SEED, type View } from "./state/view.ts";

/** The address is written when a view has stood for so long, as browsers allow few changes a second. */
const ADDRESS_AFTER = 300;
const CALM_REDRAW = 1500;

/** Brings the page to life. */
export function explore(cores: Cores): void {
  let { view, faults } = fromAddress(location.hash);
  let addressTimer: ReturnType<typeof setTimeout> | undefined;
  let known: Known | undefined;
  let shownPath = 0;

  const session = new Session(cores, learned, refused);
  const showControls = buildControls(() => view, choose, say);
  const showTally = buildTally();
  const showCopy = buildCopy();
  const moveDot = buildDot((width, depth) =>
    choose({ ...view, network: change(change(view.network, "width", width), "depth", depth) }),
  );
  const paths = new Figure(onePath(() => shownPath));
  const figures = [
    ...[norm, output, fan, hypoactivation, covariance, gradientLayers, gradient].map((panel) => new Figure(panel)),
    new Figure(
      map,
      (drawing) => moveDot(drawing, view.network),
      () => session.wantMap(),
    ),
    paths,
  ];

  function choose(next: View): void {
    view = next;
    shownPath = 0;
    showControls(view);
    say("");
    clearTimeout(addressTimer);
    addressTimer = setTimeout(writeView, ADDRESS_AFTER);
    session.show(view);
  }

  /** The core's own words: of a network that it does not take, or of which none lives. */
  function refused(fault: string): void {
    say(fault);
    byId("verdict").textContent = "There is nothing to compare.";
  }

  function writeAddress(): void {
    const address = toAddress(view);
    history.replaceState(null, "", `#${address}`);
  }

  function say(fault: string): void {
    byId("fault").textContent = fault;
    byId("fault").hidden = fault === "";
  }

  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let lastDraw = 0;
  let frame = 0;

  /**
   * Draws what is known: at once if it is the first of a view, as a slider may move; else once a frame, and more seldom for
   * readers who want no motion.
   */
  function learned(news: Known): void {
    const isNew = news.view !== known?.view;
    known = news;
    if (isNew) {
      try {
        drawNow();
      } catch (error) {
        reportError(error); // which is not the core's
      }
      return;
    }
    const isGrowing = news.done > 0 && news.done < view.samples;
    const wait = calm.matches && isGrowing ? CALM_REDRAW : 0;
    if (performance.now() - lastDraw >= wait) drawSoon();
  }

  function drawSoon(): void {
    if (frame) return;
    frame = requestAnimationFrame(drawNow);
  }

  function drawNow(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    lastDraw = performance.now();
    if (!known) return;
    showTally(known);
    for (const figure of figures) figure.show(known);
  }

  byId("stop").addEventListener("click", () => {
    session.stop();
    if (known) drawSoon();
  });
  byId("reseed").addEventListener("click", () => choose({ ...view, seed: (view.seed % LARGEST_SEED) + 1 }));
  byId("draw").addEventListener("click", () => {
    shownPath++;
    paths.redraw();
  });
  byId<HTMLButtonElement>("link").addEventListener("click", (event) => {
    writeAddress();
    void copy(location.href, event.currentTarget as HTMLButtonElement);
  });
  addEventListener("hashchange", () => {
    ({ view, faults } = fromAddress(location.hash));
    choose(view);
    say(faults.join("; "));
  });

  /** The view in other words: as an address, and as code. */
  async function writeView(): Promise<void> {
    writeAddress();
    const shown = view;
    const copied = await session.copy(shown).catch(() => undefined); // of a network that is refused, which is said
    if (copied && shown === view) showCopy(view, copied);
  }

  showControls(view);
  say(faults.join("; "));
  session.show(view);
  void writeView();
}
