/** The bundle of worker.ts. */
declare module "inline:worker" {
  const script: string;
  export default script;
}

/** The core, compressed, in base 64. */
declare module "inline:wasm" {
  const text: string;
  export default text;
}
