import assert from "node:assert/strict";
import { test } from "node:test";
import { STANDARD } from "../src/state/network.ts";
import { PRESETS } from "../src/state/presets.ts";
import { START } from "../src/state/view.ts";
import { cpp, python } from "../src/words/code.ts";

const line = (text: string, pattern: RegExp) =>
  text
    .split("\n")
    .find((one) => pattern.test(one))
    ?.trim();
const pythonOf = (name: string) =>
  line(python({ ...START, network: PRESETS.find((preset) => preset.name === name)?.network ?? STANDARD }), /^net =/);
const cppOf = (name: string) =>
  line(cpp({ ...START, network: PRESETS.find((preset) => preset.name === name)?.network ?? STANDARD }), /network = /);

test("Python and C++ make the presets with what differs from their defaults", () => {
  assert.equal(pythonOf("The paper’s ResNet"), "net = initlaw.vanilla(width=100, depth=50, outputs=10)");
  assert.equal(pythonOf("Its Balanced twin"), "net = initlaw.balanced(width=100, depth=50, outputs=10)");
  assert.equal(pythonOf("He MLP"), "net = initlaw.fully_connected(width=100, depth=20, outputs=10)");
  assert.equal(pythonOf("Stable ResNet"), "net = initlaw.stable(width=100, depth=50, outputs=10)");
  assert.equal(
    pythonOf("Pre-norm GELU block"),
    'net = initlaw.vanilla(width=100, depth=50, alpha=1, lambda_=0.5, outputs=10, branch="linear-first", branch_width=400, norm="pre", activation="gelu")',
  );
  assert.equal(
    cppOf("Pre-norm GELU block"),
    "const auto network = initlaw::vanilla({.width = 100, .depth = 50, .alpha = 1, .lambda = 0.5, .outputs = 10, .architecture = {.branch = initlaw::Branch::kLinearFirst, .branch_width = 400, .norm = initlaw::Normalization::kPre, .activation = initlaw::Activation::kGelu}});",
  );
});

test("designated initializers are in the order of the members", () => {
  const network = { ...STANDARD, family: "stable" as const, lambda: 0.5, leak: 0.1, branch_depth: 2, flip: 0.25 };
  assert.equal(
    line(cpp({ ...START, network }), /network = /),
    "const auto network = initlaw::stable({.width = 100, .depth = 50, .residual_scale = 0.5, .outputs = 10, .leak = 0.1, .branch_depth = 2}).with_flip(0.25);",
  );
});
