import type { NumberControl } from "./network.ts";

/** A slider's positions, 0 to this. */
export const POSITIONS = 400;

export function toPosition({ low, high, scale }: NumberControl, value: number): number {
  const share = scale === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.round(POSITIONS * Math.min(1, Math.max(0, share)));
}

/** The round number at a position. Its ends are low and high. */
export function toValue(control: NumberControl, position: number): number {
  const { low, high, scale } = control;
  const share = position / POSITIONS;
  return rounded(control, scale === "log" ? low * (high / low) ** share : low + (high - low) * share);
}

/** A slider's next position in one direction at which the value differs, so that each step by key changes it. */
export function nextPosition(control: NumberControl, value: number, direction: 1 | -1): number {
  let position = toPosition(control, value);
  do position += direction;
  while (position > 0 && position < POSITIONS && (toValue(control, position) - value) * direction <= 0);
  return Math.min(POSITIONS, Math.max(0, position));
}

function rounded({ low, high, scale, digits }: NumberControl, value: number): number {
  const inside = Math.min(high, Math.max(low, value));
  if (digits === "whole") return Math.round(inside < 100 ? inside : Number(inside.toPrecision(2)));
  return scale === "log" ? Number(inside.toPrecision(digits)) : Number(inside.toFixed(2));
}
