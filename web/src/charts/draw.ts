import * as Plot from "@observablehq/plot";
import type { Axis, Picture, Point, Series } from "./picture.ts";

/** Of its top. */
const TAG_HEIGHT = 0.8;
/** Pixels of a letter, generously. */
const LETTER = 9.5;

/** The picture as SVG of that width in pixels. Colours are the page's variables, so that they follow light and dark. */
export function draw(picture: Picture, width: number): SVGSVGElement {
  const height = Math.round(Math.min(380, Math.max(220, 0.56 * width)));
  const narrow = width < 480;
  const drawing = Plot.plot({
    width,
    height,
    marginLeft: 52,
    marginRight: 14,
    marginTop: 26,
    marginBottom: 42,
    className: "plot",
    ariaLabel: picture.description,
    style: { overflow: "visible" },
    x: axis(picture.x),
    y: axis(picture.y),
    marks: [
      Plot.axisX({
        label: picture.x.label,
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: 36,
        ...ticks(picture.x, narrow ? 5 : 8),
      }),
      Plot.axisY({ label: picture.y.label, labelArrow: "none", labelOffset: 48, ...ticks(picture.y, narrow ? 4 : 6) }),
      Plot.frame({ anchor: "bottom", stroke: "currentColor", strokeOpacity: 0.45 }),
      ...picture.series.flatMap((series) => marks(series, picture, width)),
    ],
  }) as SVGSVGElement;
  drawing.setAttribute("role", "img");
  return drawing;
}

function axis({ log, domain }: Axis): Plot.ScaleOptions {
  return { type: log ? "log" : "linear", ...(domain && { domain: [...domain] }), clamp: false };
}

function ticks({ format, log }: Axis, count: number): Plot.AxisXOptions & Plot.AxisYOptions {
  return { ...(log ? {} : { ticks: count }), ...(format && { tickFormat: format }), tickSize: 4 };
}

function marks(series: Series, picture: Picture, width: number): Plot.Markish[] {
  const colour = `var(--${series.role})`;
  const points = series.points.filter((point) => isDrawable(point, picture));
  const xy = { x: "x", y: "y", clip: true } as const;
  const bottom = (point: Point) =>
    picture.y.log ? Math.max(point.y - (point.error ?? 0), point.y / 10) : point.y - (point.error ?? 0);
  const top = (point: Point) => point.y + (point.error ?? 0);
  switch (series.style) {
    case "line":
    case "dashed":
      return [
        Plot.lineY(points, {
          ...xy,
          stroke: colour,
          strokeWidth: 2.25,
          ...(series.style === "dashed" && { strokeDasharray: "5 4" }),
        }),
        tag(series, picture, points, colour, width),
      ];
    case "faint":
      return [Plot.lineY(points, { ...xy, stroke: colour, strokeWidth: 1, strokeOpacity: 0.35 })];
    case "band":
      return [Plot.areaY(points, { x: "x", y1: "low", y2: "y", fill: colour, fillOpacity: 0.16, clip: true })];
    case "points":
      return [
        Plot.ruleX(points, { x: "x", y1: bottom, y2: top, stroke: colour, strokeWidth: 1.25, clip: true }),
        Plot.dot(points, { ...xy, r: 2.6, fill: colour }),
      ];
    case "ticks":
      return [Plot.dot(points, { ...xy, symbol: "times", r: 2.2, stroke: colour })];
    case "regions":
      return regions(series, picture, colour);
    case "bars": {
      const half = (series.width ?? 0) / 2;
      const sides = { x1: (point: Point) => point.x - half, x2: (point: Point) => point.x + half, clip: true } as const;
      return [
        Plot.rect(points, { ...sides, y1: 0, y2: "y", fill: colour, fillOpacity: 0.14 }),
        Plot.rect(points, { ...sides, y1: bottom, y2: top, fill: colour, fillOpacity: 0.38 }),
      ];
    }
  }
}

/** A line's name beside its top, on the side that was asked for if there is room. */
function tag(
  { label, tag: wanted }: Series,
  { x, y }: Picture,
  points: readonly Point[],
  colour: string,
  width: number,
): Plot.Markish {
  if (!wanted) return null;
  const [low, high] = x.domain ?? [0, 1];
  const top = Math.min(
    points.reduce((highest, point) => Math.max(highest, point.y), 0),
    y.domain?.[1] ?? Number.POSITIVE_INFINITY,
  );
  const near = points.filter((point) => point.y > TAG_HEIGHT * top);
  const [left, right] = [near[0], near[near.length - 1]];
  if (!left || !right) return null;
  const room = (LETTER * label.length * (high - low)) / width;
  const hasRoom = { left: left.x - low > room, right: high - right.x > room };
  const side = ([wanted, "left", "right"] as const).find((one) => hasRoom[one]);
  if (!side) return null;
  const at = side === "left" ? left : right;
  return Plot.text([{ x: at.x, y: Math.min(at.y, top) }], {
    x: "x",
    y: "y",
    text: [label],
    fill: colour,
    stroke: "var(--paper)",
    strokeWidth: 4,
    fontSize: 13,
    fontWeight: 600,
    textAnchor: side === "left" ? "end" : "start",
    dx: side === "left" ? -8 : 8,
    dy: at.y < top ? -4 : 8,
  });
}

function isDrawable({ x, y }: Point, picture: Picture): boolean {
  return Number.isFinite(x) && Number.isFinite(y) && (!picture.x.log || x > 0) && (!picture.y.log || y > 0);
}

/** Where z is at most each level. Between the points of the grid logarithms are interpolated. */
function regions({ points, columns = 1, levels = [] }: Series, { x, y }: Picture, colour: string): Plot.Markish[] {
  const rows = points.length / columns;
  const [x1, x2] = aroundCells(x, columns);
  const [y1, y2] = aroundCells(y, rows);
  const logs = points.map(({ z = Number.NaN }) => -Math.log(Math.max(z, Number.MIN_VALUE)));
  const grid = { width: columns, height: rows, x: null, y: null, x1, x2, y1, y2 } as unknown as Plot.ContourOptions;
  const contour = (level: number, options: Plot.ContourOptions) =>
    Plot.contour(logs, { ...grid, thresholds: [-Math.log(level)], clip: true, ...options });
  // What was drawn before shines through but a little, or colours would mix to one that means nothing.
  const paper = contour(Math.max(...levels), { fill: "var(--paper)", fillOpacity: 0.85 });
  return [
    paper,
    ...levels.map((level) => contour(level, { fill: colour, fillOpacity: 0.28, stroke: colour, strokeWidth: 1.5 })),
  ];
}

/** A logarithmic axis' ends, if its first and last points are in the middle of cells. */
function aroundCells({ domain = [1, 1] }: Axis, count: number): [number, number] {
  const half = (domain[1] / domain[0]) ** (0.5 / (count - 1));
  return [domain[0] / half, domain[1] * half];
}
