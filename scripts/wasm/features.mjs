// @ts-check

/** WebAssembly features of every supported engine. wasm-opt must not use others. */
const FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
];

export const FEATURE_FLAGS = FEATURES.map((feature) => `--enable-${feature}`);
