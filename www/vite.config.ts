import { readFileSync } from "node:fs";
import { defineConfig } from "vite";
import { firstScreen } from "./first-screen.js";

type Limits = Record<string, { min?: number | undefined; max?: number | undefined }>;

interface Shape {
  minLength?: number;
  maxLength?: number;
  anyOf?: Shape[];
}

/** Length limits from the contract, by `Model.field` or parameter name. The package does not export them. */
function limits(): Limits {
  const contract = JSON.parse(readFileSync(new URL("../contract/openapi.json", import.meta.url), "utf8"));
  const found: Limits = {};
  const add = (name: string, shape: Shape) => {
    const { minLength: min, maxLength: max } = { ...shape, ...shape.anyOf?.[0] };
    if (min !== undefined || max !== undefined) found[name] = { min, max };
  };
  for (const [model, { properties = {} }] of Object.entries<{ properties?: Record<string, Shape> }>(
    contract.components.schemas,
  )) {
    for (const [field, shape] of Object.entries(properties)) add(`${model}.${field}`, shape);
  }
  const operations = Object.values<object>(contract.paths).flatMap(Object.values);
  for (const { name, schema } of operations.flatMap(({ parameters = [] }) => parameters)) add(name, schema);
  return found;
}

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the site works under any path.
  base: "./",
  define: { __LIMITS__: JSON.stringify(limits()) },
  plugins: [firstScreen()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../dist/site",
    emptyOutDir: true,
    target: "es2022",
    // The content security policy forbids data: URLs. Browsers that need the polyfill do not support the WebAssembly.
    assetsInlineLimit: 0,
    // One file, which the page contains: a script that is loaded later would request the file again otherwise.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    // The emulator's embedded WebAssembly, which is loaded only if loading the file fails.
    chunkSizeWarningLimit: 700,
  },
});
