import { defineConfig } from "vite";

export default defineConfig({
  server: { fs: { allow: [".."] } },
  cacheDir: "out/cache",
  build: {
    outDir: "out/site",
    rolldownOptions: {
      // A service worker has an address that stays, and one that its pages lie below.
      input: { index: "index.html", worker: "worker.js" },
      output: { entryFileNames: ({ name }) => (name === "worker" ? "worker.js" : "assets/[name]-[hash].js") },
    },
  },
});
