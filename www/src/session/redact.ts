/** Redacts secrets in displayed texts: keys, cookies, signatures in URLs. */

const secrets = new Set<string>();

const SECRET_HEADER = /key|authorization|cookie|token/i;
const SIGNATURE = /((?:signature|x-amz-signature|token)=)[^&"\s]+/gi;
export const HIDDEN = "•••";

/** Redacts this text from now on. Ignores very short texts, which would match everywhere. */
export function addSecret(secret: string): void {
  if (secret.length >= 4) secrets.add(secret);
}

export function redact(text: string): string {
  let redacted = text.replace(SIGNATURE, `$1${HIDDEN}`);
  for (const secret of secrets) {
    // Verbatim, and escaped as in JSON.
    for (const form of [secret, JSON.stringify(secret).slice(1, -1)])
      redacted = redacted.replaceAll(form, HIDDEN);
  }
  return redacted;
}

export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, SECRET_HEADER.test(name) ? HIDDEN : redact(value)]),
  );
}
