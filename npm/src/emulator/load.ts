import init from "wasm-emulator";

let platformSource: (() => Promise<BufferSource>) | undefined;
let loading: Promise<void> | undefined;

/** Tells where the file is on a platform whose `fetch` cannot read it. */
export function setEmulatorSource(source: () => Promise<BufferSource>): void {
  platformSource = source;
}

/** Loads the emulator's WebAssembly once. After a failure the next call tries again. */
export function loadEmulator(): Promise<void> {
  loading ??= start().catch((cause: unknown) => {
    loading = undefined;
    throw cause;
  });
  return loading;
}

async function start(): Promise<void> {
  const source = await platformSource?.();
  await (source === undefined ? init() : init({ module_or_path: source }));
}
