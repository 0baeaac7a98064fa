// Bundles tests/*.test.ts for Node and runs them, or those whose names are given.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";
import { inline } from "./inline.mjs";

const names = process.argv.slice(2);
const tests = readdirSync("tests").filter(
  (file) => file.endsWith(".test.ts") && (names.length === 0 || names.includes(file.replace(".test.ts", ""))),
);
const outdir = "../build/explorer/tests";
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: tests.map((file) => `tests/${file}`),
  bundle: true,
  platform: "node",
  format: "esm",
  outExtension: { ".js": ".mjs" },
  plugins: [inline],
  outdir,
});
process.exit(
  spawnSync(process.execPath, ["--test", ...tests.map((file) => `${outdir}/${file.replace(/ts$/, "mjs")}`)], {
    stdio: "inherit",
  }).status ?? 1,
);
