/** A number as one reads it: so many significant digits, a true minus sign, powers of ten where it is long. */
export function text(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) {
    const [mantissa = "", exponent = ""] = value.toExponential(digits - 1).split("e");
    return `${signed(mantissa)} × 10${superscript(Number(exponent))}`;
  }
  const rounded = Number(value.toPrecision(digits));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  return signed(Math.abs(rounded) >= 10 ** (digits - 1) ? grouped(Math.round(value)) : rounded.toFixed(decimals));
}

/** A power of ten, on an axis; nothing for what is none. */
export function powerOfTen(value: number): string {
  const exponent = Math.round(1e6 * Math.log10(value)) / 1e6;
  if (!Number.isInteger(exponent)) return "";
  return Math.abs(exponent) <= 3 ? String(Number((10 ** exponent).toPrecision(1))) : `10${superscript(exponent)}`;
}

/** A count with thin groups of three digits. */
export function count(value: number): string {
  return grouped(Math.round(value));
}

/** A value with its standard error, both to the error's second digit. */
export function withError(value: number, error: number | null): string {
  if (error === null || !Number.isFinite(error) || error <= 0) return text(value, 4);
  const decimals = Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(error))));
  return `${signed(value.toFixed(decimals))} ± ${error.toFixed(decimals)}`;
}

/** e to that power as a factor: what grows by 1000 is more readable than what grows by e^6.9. */
export function factor(logarithm: number): string {
  return Math.abs(logarithm) < 11 ? text(Math.exp(logarithm), 2) : `10${superscript(Math.round(logarithm / Math.LN10))}`;
}

function signed(digits: string): string {
  return digits.replace("-", "−");
}

function grouped(whole: number): string {
  return signed(String(whole)).replace(/\B(?=(\d{3})+$)/g, whole >= 10_000 || whole <= -10_000 ? "\u202f" : "");
}

function superscript(whole: number): string {
  return String(whole).replace(/[-\d]/g, (character) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(character)] ?? "");
}
