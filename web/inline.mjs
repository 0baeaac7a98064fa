// What core/thread.ts imports by "inline:": the worker's script, bundled, and the core, compressed, in base 64.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import binaryen from "binaryen";
import { build } from "esbuild";

const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * The core with the exception instructions of the standard, which browsers want. The compiler's are former ones, which
 * Node.js 20 knows alone.
 */
function coreForBrowsers() {
  const module = binaryen.readBinary(readFileSync(pathOf("../build/explorer/explorer_core.wasm")));
  module.runPasses(["translate-to-exnref"]);
  return module.emitBinary();
}

const loaders = {
  "inline:worker": async (options) => {
    const { outputFiles } = await build({
      ...options,
      entryPoints: [pathOf("src/core/worker.ts")],
      bundle: true,
      write: false,
    });
    return outputFiles[0].text;
  },
  "inline:wasm": () => deflateRawSync(coreForBrowsers(), { level: 9 }).toString("base64"),
};

/** A plugin of esbuild. */
export const inline = {
  name: "inline",
  setup({ onResolve, onLoad, initialOptions: { minify, target } }) {
    onResolve({ filter: /^inline:/ }, ({ path }) => ({ path, namespace: "inline" }));
    onLoad({ filter: /.*/, namespace: "inline" }, async ({ path }) => ({
      contents: await loaders[path]({ minify, target, format: "iife" }),
      loader: "text",
    }));
  },
};
