// @ts-check
/** Runs each program in a separate page. */

/**
 * Opens a page in a new context, with its own process and caches, and starts a program in it.
 *
 * @param {import("../run.mjs").Bench} bench
 * @param {string} name
 * @param {string} [baseUrl] - Base URL of the API; a stub by default.
 */
export async function openProgram({ browser, origin }, name, baseUrl) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(recordMemories);
  await page.goto(`${origin}blank.html`);
  await page.evaluate(
    async ([name, baseUrl]) => {
      // @ts-expect-error: a URL path of the site.
      const { start } = await import("/lib/calls.mjs");
      Reflect.set(globalThis, "bench", await start(await import(`/${name}/program.js`), baseUrl));
    },
    /** @type {const} */ ([name, baseUrl]),
  );
  return {
    page,
    context,
    /** @param {import("./calls.mjs").Calls} calls @returns {Promise<number>} microseconds per call */
    measure: (calls) => page.evaluate((calls) => Reflect.get(globalThis, "bench").measure(calls), calls),
    close: () => context.close(),
  };
}

/** @typedef {Awaited<ReturnType<typeof openProgram>>} OpenProgram */

/**
 * Opens all programs, passes them to `use` by name, and closes them.
 *
 * @template Result
 * @param {import("../run.mjs").Bench} bench
 * @param {(open: (name: string) => OpenProgram) => Promise<Result>} use
 * @param {string} [baseUrl]
 */
export async function withPrograms(bench, use, baseUrl) {
  /** @type {Map<string, OpenProgram>} */
  const opened = new Map();
  try {
    for (const name of bench.names) opened.set(name, await openProgram(bench, name, baseUrl));
    return await use((name) => /** @type {OpenProgram} */ (opened.get(name)));
  } finally {
    for (const { close } of opened.values()) await close();
  }
}

/** Records the WebAssembly memories, which modules do not expose. Runs in the page. */
function recordMemories() {
  /** @type {WebAssembly.Memory[]} */
  const memories = [];
  Reflect.set(globalThis, "wasmMemories", memories);
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(Instance, parameters) {
      const instance = Reflect.construct(Instance, parameters);
      for (const value of Object.values(instance.exports)) {
        // Exported twice: also for the later parts.
        if (value instanceof WebAssembly.Memory && !memories.includes(value)) memories.push(value);
      }
      return instance;
    },
  });
}
