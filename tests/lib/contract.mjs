// @ts-check
/** The errors that the contract declares for each operation, under the client's names. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../scripts/lib/run.mjs";

/** @returns {Promise<Array<{ operation: string, status: number, error: string }>>} */
export async function declaredRefusals() {
  const contract = JSON.parse(await readFile(join(root, "contract/openapi.json"), "utf8"));
  const names = await operationNames();
  const refusals = [];
  for (const [path, methods] of Object.entries(contract.paths)) {
    for (const [method, described] of Object.entries(methods)) {
      const operation = names.get(`${method.toUpperCase()} ${path}`);
      if (!operation) throw new Error(`no operation for ${method} ${path}`);
      for (const [status, response] of Object.entries(described.responses)) {
        const schema = response.content?.["application/json"]?.schema?.$ref?.split("/").at(-1);
        // One 402 of the contract has no schema.
        const error =
          status === "402"
            ? "InsufficientCreditsError"
            : schema?.replace("HTTPValidationError", "ValidationError");
        if (!status.startsWith("2")) refusals.push({ operation, status: Number(status), error });
      }
    }
  }
  return refusals;
}

/** Maps `POST /skills` to `skills.create`, read from the API comments. */
export async function operationNames() {
  const source = await readFile(join(root, "npm/src/generated/resources.ts"), "utf8");
  const names = new Map();
  for (const [, group, body] of source.matchAll(/export class (\w+) \{([\s\S]*?)\n\}/g)) {
    for (const [, endpoint, method] of body.matchAll(/\* `(\w+ \S+)`\n(?: {3}\*.*\n)+ {2}(\w+)[<(]/g)) {
      const resource = group.replace(/Operations$/, "s").toLowerCase();
      names.set(endpoint, `${resource}.${method}`);
    }
  }
  return names;
}
