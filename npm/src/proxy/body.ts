import { Refusal } from "./refusal.js";

/**
 * The body of a request, unless it is no JSON or longer than it may be, whatever length it claims to have.
 * @internal
 */
export async function readBody(request: Request, most: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length")) > most) throw tooLarge();
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    length += part.value.byteLength;
    // The rest is not cancelled: in Node that closes the connection before the answer is out.
    if (length > most) throw tooLarge();
    parts.push(part.value);
  }
  const whole = new Uint8Array(length);
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.byteLength;
  }
  return whole;
}

/** @internal */
export function checkMediaType({ headers }: Request): void {
  const essence = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (essence !== "application/json") throw new Refusal(415, "The body must be application/json");
}

function tooLarge(): Refusal {
  return new Refusal(413, "The body is too large");
}
