// @ts-check
/**
 * What every consumer does with the package: calls over HTTP and, where `createEmulator` is given, calls to the
 * emulator in the same page or process.
 *
 * @param {Pick<typeof import("browser-use-skills"), "BrowserUse" | "SkillNotFoundError">
 *   & Partial<Pick<typeof import("browser-use-skills/emulator"), "createEmulator">>} library
 * @param {string | null | undefined} baseUrl of the emulator over HTTP
 * @returns {Promise<string>} the code of the error that the last call rejects with
 */
export async function runScenario({ BrowserUse, SkillNotFoundError, createEmulator }, baseUrl) {
  if (!baseUrl) throw new Error("The URL of the emulator is missing");
  const client = new BrowserUse({ apiKey: "bu_consumer", baseUrl });
  const { items } = await client.marketplace.list({ category: "news" });
  const clone = await client.marketplace.clone(items[0]?.id ?? "");
  const { success } = await client.skills.execute(clone.id, { parameters: { limit: 5 } });
  if (!success) throw new Error("The execution failed");
  // This is in the second part of the WebAssembly, which is loaded now.
  const { status } = await client.skills.waitUntilFinished(clone.id);
  if (status !== "finished") throw new Error(`The skill is ${status}`);
  const error = await client.skills.get("3c90c3cc-0d44-4b50-8888-8dd25736052a").catch((error) => error);
  if (!(error instanceof SkillNotFoundError)) throw new Error(`Not a SkillNotFoundError: ${error}`);
  if (createEmulator) await listInProcess({ BrowserUse, createEmulator });
  return error.code;
}

/**
 * @param {Pick<typeof import("browser-use-skills"), "BrowserUse">
 *   & Pick<typeof import("browser-use-skills/emulator"), "createEmulator">} library
 */
async function listInProcess({ BrowserUse, createEmulator }) {
  const client = new BrowserUse({ apiKey: "bu_consumer", fetch: createEmulator().fetch });
  const { items } = await client.marketplace.list();
  if (items.length === 0) throw new Error("The emulator in this process has no skills");
}
