/** Renders the first screen into `index.html` at build time: it is painted before the script of the page is loaded. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { renderToString } from "preact-render-to-string";
import { createServer, minify, type Plugin, type Rolldown } from "vite";

/** What the modules of the page need when they are loaded. Without storage, they render a first visit. */
const BROWSER = {
  location: new URL("https://page.invalid/"),
  navigator: { userAgent: "" },
  addEventListener() {},
  document: { addEventListener() {}, documentElement: { dataset: {} } },
};

const BEFORE_PAINT = `${import.meta.dirname}/src/before-paint.js`;

export function firstScreen(): Plugin[] {
  return [
    {
      name: "first-screen",
      apply: "build",
      transformIndexHtml: {
        order: "pre",
        handler: async (html) => html.replace("<!--first screen-->", await render()),
      },
    },
    {
      name: "inline",
      apply: "build",
      transformIndexHtml: { order: "post", handler: (html, { bundle = {} }) => inline(html, bundle) },
    },
  ];
}

/** Inlines the styles, and the script that runs before the first paint. The policy allows only these, by their hashes. */
async function inline(html: string, bundle: Rolldown.OutputBundle): Promise<string> {
  const files = Object.values(bundle);
  // The part for batches is loaded by the first batch.
  const wasm = files
    .map(({ fileName }) => fileName)
    .filter((name) => name.endsWith(".wasm") && !/_batch_bg\b/.test(name));
  const [, link, href] = /(<link rel="stylesheet"[^>]* href="\.\/([^"]+)">)/.exec(html) ?? [];
  const file = files.find(({ fileName }) => fileName === href);
  if (!link || file?.type !== "asset") throw new Error("index.html links no styles");
  delete bundle[file.fileName];
  const style = String(file.source);
  const { code: script } = await minify("before-paint.js", await readFile(BEFORE_PAINT, "utf8"), {
    compress: true,
  });
  const beforePaint = script.replace("__WASM__", JSON.stringify(wasm));
  return html
    .replace("style-src", `style-src '${hash(style)}'`)
    .replace("script-src", `script-src '${hash(beforePaint)}'`)
    .replace(link, () => `<style>${style}</style>`)
    .replace("<body>", () => `<body><script>${beforePaint}</script>`);
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

async function render(): Promise<string> {
  const server = await createServer({
    configFile: `${import.meta.dirname}/vite.config.ts`,
    appType: "custom",
    logLevel: "error",
    server: { middlewareMode: true, watch: null, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    const names = Object.keys(BROWSER).filter((name) => !(name in globalThis));
    Object.assign(globalThis, BROWSER);
    const { App } = await server.ssrLoadModule("/src/app.tsx");
    const { h } = await server.ssrLoadModule("preact");
    const html = renderToString(h(App, {}));
    for (const name of names) Reflect.deleteProperty(globalThis, name);
    return html;
  } finally {
    await server.close();
  }
}
