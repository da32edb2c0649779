import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

/** How long a text may be, by `Model.field`, as the contract says: the package exports no limits. */
function limits(): Record<string, { min?: number; max?: number }> {
  const contract = JSON.parse(readFileSync(new URL("../contract/openapi.json", import.meta.url), "utf8"));
  const found: Record<string, { min?: number; max?: number }> = {};
  for (const [model, schema] of Object.entries<{ properties?: object }>(contract.components.schemas)) {
    for (const [field, shape] of Object.entries(schema.properties ?? {})) {
      const { minLength: min, maxLength: max } = { ...shape, ...shape.anyOf?.[0] };
      if (min !== undefined || max !== undefined) found[`${model}.${field}`] = { min, max };
    }
  }
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
  },
});
