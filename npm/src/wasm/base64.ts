/**
 * The bytes of a module of ours that holds them as base64.
 * @internal
 */
export async function decoded(embedded: Promise<{ default: string }>): Promise<Uint8Array<ArrayBuffer>> {
  const { default: text } = await embedded;
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
