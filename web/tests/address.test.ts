import assert from "node:assert/strict";
import { test } from "node:test";
import { fromAddress, toAddress } from "../src/state/address.ts";
import { fieldsOf, STANDARD } from "../src/state/network.ts";
import { PRESETS, presetOf } from "../src/state/presets.ts";
import { START, type View } from "../src/state/view.ts";
import { clicks } from "./random.ts";

const sameNetwork = (view: View, network: View["network"]) => assert.deepEqual(fieldsOf(view.network), fieldsOf(network));

test("an address gives the view again that it was made from, of all networks that clicks lead to", () => {
  for (const network of [...PRESETS.map((preset) => preset.network), ...clicks(3000)]) {
    const { view, faults } = fromAddress(toAddress({ network, samples: 1e6, seed: 17 }));
    assert.deepEqual(faults, [], toAddress({ ...START, network }));
    sameNetwork(view, network);
    assert.deepEqual([view.samples, view.seed], [1e6, 17]);
  }
});

test("a preset is known again after its address was followed", () => {
  for (const preset of PRESETS)
    assert.equal(presetOf(fromAddress(toAddress({ ...START, network: preset.network })).view.network), preset);
});

test("the start has an empty address", () => {
  assert.equal(toAddress(START), "");
  assert.deepEqual(fromAddress(""), { view: START, faults: [] });
});

test("what is wrong in an address is left at the start's value, and said", () => {
  for (const wrong of [
    "width=0",
    "width=-5",
    "width=1e99",
    "width=ten",
    "width=",
    "width=NaN",
    "width=Infinity",
    "width=10.5",
    "depth=0x1G",
    "alpha=2",
    "lambda=-1",
    "outputs=0",
    "leak=1.5",
    "flip=-0.1",
    "branch_depth=99",
    "family=resnet",
    "norm=<script>",
    "activation=sine",
    "seed=-1",
    "seed=1.5",
    "seed=99999999999999999999",
    "samples=12",
    "tied=perhaps",
    "unknown=1",
    "__proto__=1",
    "constructor=1",
  ]) {
    const { view, faults } = fromAddress(`#${wrong}`);
    assert.equal(faults.length, 1, wrong);
    assert.match(faults[0] ?? "", new RegExp(`^${wrong.split("=")[0]}: `), wrong);
    assert.deepEqual(view, START, wrong);
  }
});

test("what is right beside it is kept", () => {
  const { view, faults } = fromAddress("#width=64&depth=oops&seed=5");
  assert.equal(faults.length, 1);
  assert.deepEqual(view, { ...START, network: { ...STANDARD, width: 64 }, seed: 5 });
});

test("fields that contradict each other are settled, and that is said", () => {
  for (const contradiction of [
    "activation=gelu&norm=none",
    "activation=gelu",
    "branch=linear-first&family=balanced",
    "branch=linear-first&weights=orthogonal",
    "branch=linear-first&family=fully-connected",
  ]) {
    const { faults } = fromAddress(contradiction);
    assert.ok(faults.length > 0, contradiction);
  }
});

test("scales that are no pair untie themselves", () => {
  assert.equal(fromAddress("alpha=1&lambda=0.5").view.network.tied, false);
  assert.equal(fromAddress("alpha=0.6&lambda=0.8").view.network.tied, true);
});
