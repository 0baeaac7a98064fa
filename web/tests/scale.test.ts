import assert from "node:assert/strict";
import { test } from "node:test";
import { applies, NUMBERS, STANDARD } from "../src/state/network.ts";
import { nextPosition, POSITIONS, toPosition, toValue } from "../src/state/scale.ts";
import { clicks } from "./random.ts";

test("a slider's ends are the range's, and values grow with positions", () => {
  for (const control of NUMBERS) {
    assert.equal(toValue(control, 0), control.low, control.key);
    assert.equal(toValue(control, POSITIONS), control.high, control.key);
    for (let position = 1; position <= POSITIONS; ++position) {
      assert.ok(toValue(control, position) >= toValue(control, position - 1), `${control.key} at ${position}`);
    }
  }
});

test("an arrow key changes the value at every step until the end, and back", () => {
  for (const control of NUMBERS) {
    for (const direction of [1, -1] as const) {
      const end = direction === 1 ? control.high : control.low;
      let value = direction === 1 ? control.low : control.high;
      for (let steps = 0; value !== end; ++steps) {
        const next = toValue(control, nextPosition(control, value, direction));
        assert.ok((next - value) * direction > 0, `${control.key}: ${value} to ${next}`);
        assert.ok(steps <= POSITIONS, control.key);
        value = next;
      }
    }
  }
});

test("positions of values are their own", () => {
  for (const control of NUMBERS) {
    for (let position = 0; position <= POSITIONS; ++position) {
      const value = toValue(control, position);
      assert.equal(toValue(control, toPosition(control, value)), value, `${control.key}: ${value}`);
    }
  }
});

test("clicks keep every number in its range, and alpha^2 + lambda^2 = 1 where it is locked", () => {
  for (const network of clicks(3000)) {
    for (const { key, low, high, digits } of NUMBERS) {
      const value = network[key] as number;
      assert.ok(value >= low && value <= high, `${key}: ${value}`);
      if (digits === "whole") assert.ok(Number.isInteger(value), `${key}: ${value}`);
    }
    if (network.tied && applies(network, "tied")) assert.ok(Math.abs(network.alpha ** 2 + network.lambda ** 2 - 1) < 1e-12);
  }
  assert.ok(STANDARD.tied);
});
