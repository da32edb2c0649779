/** Takes secrets out of what is shown: keys, cookies, signatures of addresses. */

const secrets = new Set<string>();

const SECRET_HEADER = /key|authorization|cookie|token/i;
const SIGNATURE = /((?:signature|x-amz-signature|token)=)[^&"\s]+/gi;
export const HIDDEN = "•••";

/** From now on this text is not shown anywhere. Very short ones would black out everything. */
export function hide(secret: string): void {
  if (secret.length >= 4) secrets.add(secret);
}

export function redact(text: string): string {
  let shown = text.replace(SIGNATURE, `$1${HIDDEN}`);
  for (const secret of secrets) {
    // As it is, and as it stands in JSON.
    for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) shown = shown.replaceAll(form, HIDDEN);
  }
  return shown;
}

export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, SECRET_HEADER.test(name) ? HIDDEN : redact(value)]),
  );
}
