import { defineConfig } from "vite";

export default defineConfig({
  build: {
    rolldownOptions: {
      // A service worker needs a URL that does not change, above those of its pages.
      input: { index: "index.html", worker: "worker.js" },
      output: { entryFileNames: ({ name }) => (name === "worker" ? "worker.js" : "assets/[name]-[hash].js") },
    },
  },
});
