// Resolves URLs.

/** The absolute, normalised form of a URL; undefined if it is invalid. */
export function resolved(url) {
  try {
    const base = globalThis.document?.baseURI ?? globalThis.location?.href;
    return String(new URL(url, base));
  } catch {
    return undefined;
  }
}
