import { draw } from "../charts/draw.ts";
import { type Format, save } from "../charts/export.ts";
import type { Picture, Series } from "../charts/picture.ts";
import type { Panel } from "../panels/panel.ts";
import type { Known } from "../state/known.ts";
import { byId, element } from "./element.ts";

const FORMATS: readonly Format[] = ["SVG", "PNG", "CSV"];

/** A panel's place in the page: drawn when it is in sight and what it shows has changed. */
export class Figure {
  readonly #panel: Panel;
  readonly #section: HTMLElement;
  readonly #words: HTMLElement;
  readonly #paper = element("div", { className: "drawing" });
  readonly #legend = element("ul", { className: "legend" });
  readonly #files = element("p", { className: "files" });
  readonly #drawn: (drawing: SVGSVGElement) => void;
  #picture: Picture | undefined;
  #drawing: SVGSVGElement | undefined;
  #known: Known | undefined;
  #isInSight = false;
  #isStale = true;

  constructor(panel: Panel, drawn: (drawing: SVGSVGElement) => void = () => {}, inSight: () => void = () => {}) {
    this.#panel = panel;
    this.#drawn = drawn;
    this.#section = byId(panel.id);
    const figure = this.#section.querySelector("figure") as HTMLElement;
    this.#words = document.querySelector(`[data-words="${panel.id}"]`) as HTMLElement;
    figure.append(this.#legend, this.#paper, this.#files);
    const title = this.#section.querySelector("h2, h3")?.textContent ?? "";
    this.#files.append("Save as ", ...FORMATS.map((format) => this.#fileButton(format, title)));
    new IntersectionObserver(
      (entries) => {
        this.#isInSight = entries.some((entry) => entry.isIntersecting);
        if (this.#isInSight) inSight();
        this.#drawIfNeeded();
      },
      { rootMargin: "200px" },
    ).observe(this.#paper);
    new ResizeObserver(() => this.redraw()).observe(this.#paper);
  }

  get paper(): HTMLElement {
    return this.#paper;
  }

  show(known: Known): void {
    const former = this.#known;
    this.#known = known;
    if (this.#panel.uses.some((part) => known[part] !== former?.[part])) this.redraw();
  }

  redraw(): void {
    this.#isStale = true;
    this.#drawIfNeeded();
  }

  #drawIfNeeded(): void {
    const known = this.#known;
    const width = this.#paper.clientWidth;
    if (!this.#isInSight || !this.#isStale || !known || width === 0) return;
    this.#isStale = false;
    this.#words.replaceChildren(...this.#panel.words(known).map((sentence) => element("p", { textContent: sentence })));
    this.#picture = this.#panel.picture(known);
    this.#files.hidden = !this.#picture;
    if (!this.#picture) {
      this.#drawing?.remove();
      this.#drawing = undefined;
      this.#legend.replaceChildren();
      return;
    }
    const former = this.#drawing;
    this.#drawing = draw(this.#picture, width);
    if (former) former.replaceWith(this.#drawing);
    else this.#paper.prepend(this.#drawing);
    this.#legend.replaceChildren(...this.#picture.series.filter(isNamed).filter(isFirstOfItsName).map(legendEntry));
    this.#drawn(this.#drawing);
  }

  #fileButton(format: Format, title: string): HTMLElement {
    const button = element("button", { type: "button", textContent: format });
    button.setAttribute("aria-label", `Save “${title}” as ${format}`);
    button.addEventListener("click", () => {
      if (this.#picture && this.#drawing) void save(this.#picture, this.#drawing, format);
    });
    return button;
  }
}

function isNamed(series: Series): boolean {
  return series.style !== "faint" && series.points.length > 0;
}

function isFirstOfItsName({ label }: Series, i: number, all: readonly Series[]): boolean {
  return all.findIndex((other) => other.label === label) === i;
}

function legendEntry({ label, role, style }: Series): HTMLElement {
  const swatch = element("span", { className: `swatch ${style}` });
  swatch.style.setProperty("--colour", `var(--${role})`);
  return element("li", {}, swatch, label);
}
