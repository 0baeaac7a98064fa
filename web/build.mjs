// Bundles the explorer into one file, build/explorer/explorer.html: page, style, scripts, and the core as WebAssembly.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import katex from "katex";
import { inline } from "./inline.mjs";

const entry = process.argv[2] ?? "src/main.ts";
const out = "../build/explorer";
/** The first with WebAssembly's exceptions as they are in the standard. */
const browsers = ["chrome137", "firefox131", "safari18.4"];

const { outputFiles, metafile } = await build({
  entryPoints: [entry],
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: "iife",
  target: browsers,
  legalComments: "none",
  plugins: [inline],
});

/** The licence of each package that is in the bundle. */
function licences() {
  const packages = new Set(
    Object.keys(metafile.inputs).flatMap((file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []),
  );
  return [...packages, "katex"].sort().map((name) => {
    const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
    return `${name} ${version}\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}`;
  });
}

/** KaTeX's style with the fonts that the page's formulas are set in. */
function katexStyle() {
  const folder = "node_modules/katex/dist";
  const style = readFileSync(`${folder}/katex.min.css`, "utf8");
  const used = /fonts\/KaTeX_(Main-Regular|Math-Italic|Size[12]-Regular)\.woff2/;
  return style.replace(/@font-face\{[^}]*\}/g, (face) => {
    const file = face.match(used)?.[0];
    if (!file) return "";
    const font = readFileSync(`${folder}/${file}`).toString("base64");
    return face.replace(/src:[^}]*/, `src:url(data:font/woff2;base64,${font}) format("woff2")`);
  });
}

const typeset = (text) =>
  text.replace(/\$\$(.+?)\$\$|\$(.+?)\$/gs, (_, displayed, inline) =>
    katex.renderToString(displayed ?? inline, { displayMode: displayed !== undefined, throwOnError: true }),
  );

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const script = outputFiles[0].text.replaceAll("</script", "<\\/script");
const style = (await build({ entryPoints: ["src/style.css"], minify: true, write: false, target: browsers })).outputFiles[0]
  .text;

const page = typeset(readFileSync("src/index.html", "utf8"))
  .replace("/*STYLE*/", () => katexStyle() + style)
  .replace("<!--LICENCES-->", () => escaped(licences().join("\n\n\n")))
  .replace("/*SCRIPT*/", () => script);
mkdirSync(out, { recursive: true });
writeFileSync(`${out}/explorer.html`, page);
console.log(`explorer.html: ${Math.round(page.length / 1000)} kB, of which scripts ${Math.round(script.length / 1000)} kB`);
