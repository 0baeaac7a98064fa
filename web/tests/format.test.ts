import assert from "node:assert/strict";
import { test } from "node:test";
import { count, factor, powerOfTen, text, withError } from "../src/words/format.ts";

test("numbers are written to their significant digits", () => {
  const cases: [number, number, string][] = [
    [0, 3, "0"],
    [1, 3, "1.00"],
    [-0.97431, 3, "−0.974"],
    [0.0099053, 2, "0.0099"],
    [48.3, 2, "48"],
    [0.999, 2, "1.0"],
    [99.96, 3, "100"],
    [1234.5, 3, "1235"],
    [123456, 3, "123\u202f456"],
    [1.5e7, 2, "1.5 × 10⁷"],
    [2.5e-9, 2, "2.5 × 10⁻⁹"],
    [-1e-300, 2, "−1.0 × 10⁻³⁰⁰"],
    [Number.NaN, 3, "–"],
    [Number.POSITIVE_INFINITY, 3, "∞"],
    [Number.NEGATIVE_INFINITY, 3, "−∞"],
  ];
  for (const [value, digits, expected] of cases) assert.equal(text(value, digits), expected);
});

test("a value with its error has the error's digits", () => {
  assert.equal(withError(5.07461, 0.00174), "5.0746 ± 0.0017");
  assert.equal(withError(-1.7729, 0.0547), "−1.773 ± 0.055");
  assert.equal(withError(67.174, 24.1), "67 ± 24");
  assert.equal(withError(2.98765, null), "2.988");
  assert.equal(withError(2.98765, 0), "2.988");
});

test("counts, factors and powers of ten", () => {
  assert.equal(count(1000), "1000");
  assert.equal(count(1e6), "1\u202f000\u202f000");
  assert.equal(factor(Math.log(5.3)), "5.3");
  assert.equal(factor(700), "10³⁰⁴");
  assert.deepEqual([1e-5, 0.001, 0.1, 1, 20, 1000, 1e4].map(powerOfTen), ["10⁻⁵", "0.001", "0.1", "1", "", "1000", "10⁴"]);
});
