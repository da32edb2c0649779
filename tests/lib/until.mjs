// @ts-check
/**
 * Polls a condition that has no event. Throws after 30 seconds.
 *
 * @param {() => Promise<boolean>} isTrue
 */
export async function until(isTrue) {
  const end = Date.now() + 30_000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`Still false after 30 s: ${isTrue}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
