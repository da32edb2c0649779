import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

type Limits = Record<string, { min?: number | undefined; max?: number | undefined }>;

interface Shape {
  minLength?: number;
  maxLength?: number;
  anyOf?: Shape[];
}

/** How long a text may be, by `Model.field` or a parameter's name, as the contract says: the package exports no limits. */
function limits(): Limits {
  const contract = JSON.parse(readFileSync(new URL("../contract/openapi.json", import.meta.url), "utf8"));
  const found: Limits = {};
  const note = (name: string, shape: Shape) => {
    const { minLength: min, maxLength: max } = { ...shape, ...shape.anyOf?.[0] };
    if (min !== undefined || max !== undefined) found[name] = { min, max };
  };
  for (const [model, { properties = {} }] of Object.entries<{ properties?: Record<string, Shape> }>(
    contract.components.schemas,
  )) {
    for (const [field, shape] of Object.entries(properties)) note(`${model}.${field}`, shape);
  }
  const operations = Object.values<object>(contract.paths).flatMap(Object.values);
  for (const { name, schema } of operations.flatMap(({ parameters = [] }) => parameters)) note(name, schema);
  return found;
}

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the site works under any path.
  base: "./",
  define: { __LIMITS__: JSON.stringify(limits()) },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../dist/site",
    emptyOutDir: true,
    target: "es2022",
    // The policy allows no data: addresses, and the polyfill is for browsers without WebAssembly's newer parts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The emulator's WebAssembly as a script, which is loaded only where the file cannot be had.
    chunkSizeWarningLimit: 600,
  },
});
