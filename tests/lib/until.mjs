// @ts-check
/**
 * Waits for what has no event. What never comes true fails, instead of hanging.
 *
 * @param {() => Promise<boolean>} isTrue
 */
export async function until(isTrue) {
  const end = Date.now() + 30_000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`It never came true: ${isTrue}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
