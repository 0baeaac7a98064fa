/** What a series shows; it has the same colour in all pictures, and in the command's reports. */
export type Role = "simulated" | "finite-width" | "log-gaussian" | "gaussian" | "exact" | "other";

export interface Point {
  x: number;
  y: number;
  /** The standard error of y. */
  error?: number;
  /** The lower end of a band that reaches up to y. */
  low?: number;
  /** What a map shows at (x, y). */
  z?: number;
}

export interface Series {
  label: string;
  role: Role;
  /**
   * bars: a histogram of `width`-wide bins centred at x, with its band of errors; faint: a line among many; regions: where z
   * on a grid of so many `columns` is at most each of `levels`.
   */
  style: "line" | "dashed" | "faint" | "points" | "ticks" | "bars" | "band" | "regions";
  points: readonly Point[];
  /** On which side of its top the line has its name written beside it, if anywhere. */
  tag?: "left" | "right";
  width?: number;
  columns?: number;
  levels?: readonly number[];
}

export interface Axis {
  label: string;
  log?: boolean;
  domain?: readonly [number, number];
  /** How a tick is written. */
  format?: (value: number) => string;
}

/** A picture as data: drawn, and written as CSV. */
export interface Picture {
  /** For files: letters, digits and dashes. */
  name: string;
  /** What it shows, for those who do not see it. */
  description: string;
  x: Axis;
  y: Axis;
  series: readonly Series[];
}

/** Its numbers, as the command writes those of its pictures. */
export function toCsv(picture: Picture): string {
  const rows = picture.series.flatMap(({ label, points }) =>
    points.map(({ x, y, error, low, z }) =>
      [`"${label.replaceAll('"', '""')}"`, x, y, error ?? "", low ?? "", z ?? ""].join(","),
    ),
  );
  return `${["series,x,y,std_error,low,z", ...rows].join("\n")}\n`;
}
