import type { Json } from "./core.ts";

/** What the binding's functions are asked, by name, and what they answer: JSON, and bytes beside it. */
export interface Request {
  function: string;
  [argument: string]: Json;
}
export interface Reply {
  json: Json;
  bytes: Uint8Array<ArrayBuffer>;
}

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  allocate(size: number): number;
  call(text: number, textSize: number, bytes: number, bytesSize: number): number;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The module, instantiated here. */
export class Instance {
  readonly #module: WebAssembly.Module;
  #exports: Exports | undefined;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /** Throws an Error with the command's one-line message. */
  call(request: Request, bytes: Uint8Array = new Uint8Array()): Reply {
    this.#exports ??= instantiate(this.#module);
    try {
      return call(this.#exports, request, bytes);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      // Its memory may be full, or damaged.
      this.#exports = undefined;
      throw new Error("this network takes more memory than a page may have");
    }
  }
}

function instantiate(module: WebAssembly.Module): Exports {
  const NO_SUCH_FUNCTION = 52;
  const imports: Record<string, (...numbers: number[]) => number> = {};
  for (const { name } of WebAssembly.Module.imports(module)) imports[name] = () => NO_SUCH_FUNCTION;
  imports.environ_sizes_get = (count, size) => {
    const view = new DataView(exports.memory.buffer);
    view.setUint32(count as number, 0, true);
    view.setUint32(size as number, 0, true);
    return 0;
  };
  const exports = new WebAssembly.Instance(module, { wasi_snapshot_preview1: imports }).exports as unknown as Exports;
  exports._initialize();
  return exports;
}

function call({ memory, allocate, call }: Exports, request: Request, bytes: Uint8Array): Reply {
  const write = (data: Uint8Array) => {
    const at = allocate(data.length);
    new Uint8Array(memory.buffer).set(data, at);
    return at;
  };
  const text = encoder.encode(JSON.stringify(request));
  const reply = call(write(text), text.length, write(bytes), bytes.length);
  const [at = 0, size = 0, bytesAt = 0, bytesSize = 0, failed] = new Uint32Array(memory.buffer, reply, 5);
  const answer = decoder.decode(new Uint8Array(memory.buffer, at, size));
  if ((failed as number) & 255) throw new Error(answer);
  return { json: JSON.parse(answer), bytes: new Uint8Array(memory.buffer, bytesAt, bytesSize).slice() };
}
