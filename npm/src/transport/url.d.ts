// Types of src/transport/url.js: see "The JavaScript of the transport" in ARCHITECTURE.md.

/** Resolves and normalizes a URL; undefined if it is invalid. */
export function resolved(url: string): string | undefined;
