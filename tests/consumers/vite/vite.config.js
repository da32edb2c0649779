import { defineConfig } from "vite";

// For the layout of these tests only, where a project shares its packages and the story with others.
export default defineConfig({
  server: { fs: { allow: [".."] } },
  cacheDir: "out/cache",
  build: { outDir: "out/site" },
});
