import { type Network, NUMBERS, type NumberControl } from "../state/network.ts";
import { nextPosition, toPosition, toValue } from "../state/scale.ts";
import { element } from "./element.ts";

interface Scale {
  domain: readonly [number, number];
  apply(value: number): number;
  invert(pixel: number): number;
}

type Drawing = SVGSVGElement & { scale(name: "x" | "y"): Scale };

const [WIDTH, DEPTH] = ["width", "depth"].map((key) => NUMBERS.find((control) => control.key === key)) as [
  NumberControl,
  NumberControl,
];

/** The current network on the map, to be dragged or moved by arrow keys. Returns what puts it where the network is. */
export function buildDot(moved: (width: number, depth: number) => void): (drawing: SVGSVGElement, network: Network) => void {
  const dot = element("button", { type: "button", className: "dot" });
  let current: { drawing: Drawing; network: Network } | undefined;

  dot.addEventListener("pointerdown", (event) => dot.setPointerCapture(event.pointerId));
  dot.addEventListener("pointermove", (event) => {
    if (!current || !dot.hasPointerCapture(event.pointerId)) return;
    const { drawing } = current;
    const box = drawing.getBoundingClientRect();
    const value = (control: NumberControl, axis: "x" | "y", pixel: number) =>
      toValue(control, toPosition(control, drawing.scale(axis).invert(pixel)));
    moved(value(WIDTH, "x", event.clientX - box.left), value(DEPTH, "y", event.clientY - box.top));
  });
  dot.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step || !current) return;
    event.preventDefault();
    const { width, depth } = current.network;
    const next = (control: NumberControl, value: number, direction: number) =>
      direction === 0 ? value : toValue(control, nextPosition(control, value, direction > 0 ? 1 : -1));
    moved(next(WIDTH, width, step[0] ?? 0), next(DEPTH, depth, step[1] ?? 0));
  });

  return (drawing, network) => {
    current = { drawing: drawing as Drawing, network };
    dot.setAttribute("aria-label", `The network, at width ${network.width} and depth ${network.depth}. Arrow keys move it.`);
    dot.style.left = `${place(current.drawing.scale("x"), network.width)}px`;
    dot.style.top = `${place(current.drawing.scale("y"), network.depth)}px`;
    if (dot.parentElement !== drawing.parentElement) drawing.parentElement?.append(dot);
  };
}

/** Networks beyond the map lie on its edge. */
function place(scale: Scale, value: number): number {
  return scale.apply(Math.min(scale.domain[1], Math.max(scale.domain[0], value)));
}
