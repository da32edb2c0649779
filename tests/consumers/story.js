// @ts-check
/**
 * What every consumer of the package does with the emulator.
 *
 * @param {Pick<typeof import("browser-use-skills"), "BrowserUse" | "SkillNotFoundError">} library as the consumer got it
 * @param {import("browser-use-skills").BrowserUseOptions} emulator how it is reached
 */
export async function story({ BrowserUse, SkillNotFoundError }, emulator) {
  const client = new BrowserUse({ apiKey: "bu_consumer", ...emulator });
  const { items } = await client.marketplace.list({ category: "news" });
  const clone = await client.marketplace.clone(items[0]?.id ?? "");
  const { success } = await client.skills.execute(clone.id, { parameters: { limit: 5 } });
  if (!success) throw new Error("the execution failed");
  const refusal = await client.skills.get("3c90c3cc-0d44-4b50-8888-8dd25736052a").catch((error) => error);
  if (!(refusal instanceof SkillNotFoundError)) throw new Error(`another refusal: ${refusal}`);
  return refusal.code;
}
