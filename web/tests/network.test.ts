import assert from "node:assert/strict";
import { test } from "node:test";
import { openCore } from "../src/core/open.ts";
import { fieldsOf, STANDARD } from "../src/state/network.ts";
import { PRESETS } from "../src/state/presets.ts";
import { startHere } from "./core.ts";
import { clicks } from "./random.ts";

test("the core takes every network that clicks lead to, with the fields that were chosen", async () => {
  const core = openCore(startHere());
  for (const network of [...PRESETS.map((preset) => preset.network), ...clicks(2000, 7)]) {
    const fields = fieldsOf(network);
    const taken = await core
      .network(fields)
      .catch((error: Error) => assert.fail(`${JSON.stringify(fields)}: ${error.message}`));
    for (const key of ["family", "width", "depth", "outputs", "norm", "activation", "weights", "branch", "branch_width"]) {
      if (fields[key] !== undefined && key in taken)
        assert.equal(taken[key], fields[key], `${key} of ${JSON.stringify(fields)}`);
    }
  }
  await assert.rejects(core.network({ ...fieldsOf(STANDARD), width: 0 }), /width: 0/);
});
