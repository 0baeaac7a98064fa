import * as Plot from "@observablehq/plot";
import type { Axis, Picture, Point, Series } from "./picture.ts";

/** The picture as SVG of that width in pixels. Colours are the page's variables, so that they follow light and dark. */
export function draw(picture: Picture, width: number): SVGSVGElement {
  const height = Math.round(Math.min(380, Math.max(220, 0.56 * width)));
  const narrow = width < 480;
  return Plot.plot({
    width,
    height,
    marginLeft: 52,
    marginRight: 14,
    marginTop: 26,
    marginBottom: 42,
    className: "plot",
    ariaLabel: picture.description,
    style: { overflow: "visible" },
    x: axis(picture.x, narrow ? 5 : 8),
    y: axis(picture.y, narrow ? 4 : 6),
    marks: [
      Plot.axisX({ label: picture.x.label, labelAnchor: "center", labelArrow: "none", labelOffset: 36, ...ticks(picture.x, narrow ? 5 : 8) }),
      Plot.axisY({ label: picture.y.label, labelArrow: "none", labelOffset: 48, ...ticks(picture.y, narrow ? 4 : 6) }),
      Plot.frame({ anchor: "bottom", strokeOpacity: 0.5 }),
      ...picture.series.flatMap((series) => marks(series, picture)),
    ],
  }) as SVGSVGElement;
}

function axis({ log, domain }: Axis, _ticks: number): Plot.ScaleOptions {
  return { type: log ? "log" : "linear", ...(domain && { domain: [...domain] }), clamp: false };
}

function ticks({ format, log }: Axis, count: number): Plot.AxisXOptions & Plot.AxisYOptions {
  return { ...(log ? {} : { ticks: count }), ...(format && { tickFormat: format }), tickSize: 4 };
}

function marks(series: Series, picture: Picture): Plot.Markish[] {
  const colour = `var(--${series.role})`;
  const points = series.points.filter((point) => isDrawable(point, picture));
  const xy = { x: "x", y: "y", clip: true } as const;
  const bottom = (point: Point) => picture.y.log ? Math.max(point.y - (point.error ?? 0), point.y / 10) : point.y - (point.error ?? 0);
  const top = (point: Point) => point.y + (point.error ?? 0);
  switch (series.style) {
    case "line":
    case "dashed":
      return [Plot.lineY(points, { ...xy, stroke: colour, strokeWidth: 2.25, ...(series.style === "dashed" && { strokeDasharray: "5 4" }) })];
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
    case "regions": {
      const z = series.points.map((point) => -(point.z ?? Number.NaN));
      const { columns = 1, levels = [] } = series;
      return levels.map((level) =>
        Plot.contour(z, {
          width: columns, height: z.length / columns, x1: domainOf(picture.x)[0], x2: domainOf(picture.x)[1], y1: domainOf(picture.y)[0], y2: domainOf(picture.y)[1],
          thresholds: [-level], fill: colour, fillOpacity: 0.3, stroke: colour, strokeWidth: 1.5, clip: true,
        }),
      );
    }
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

function isDrawable({ x, y }: Point, picture: Picture): boolean {
  return Number.isFinite(x) && Number.isFinite(y) && (!picture.x.log || x > 0) && (!picture.y.log || y > 0);
}

function domainOf({ domain }: Axis): readonly [number, number] {
  if (!domain) throw new Error("a map needs its domain");
  return domain;
}
