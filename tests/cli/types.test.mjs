// @ts-check
/** `npx browser-use-skills types`: the types of your own skills. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/lib/run.mjs";
import { installed, installProgram, run } from "../lib/cli.mjs";
import { listen } from "../lib/runtimes.mjs";

const DATE = "2026-11-21T10:00:00Z";

installProgram();

/** Unusual and hostile skills that a server may return. */
const SKILLS = [
  {
    id: "3c90c3cc-0d44-4b50-8888-8dd25736052a",
    slug: "top-stories",
    title: "Top stories",
    parameters: [
      { name: "limit", type: "number", required: true, default: 10, description: "How many." },
      { name: "query", type: "string" },
      { name: "session id", type: "cookie", required: false },
      { name: "later", type: "a type of next year", required: false },
    ],
    outputSchema: {
      type: "array",
      title: "Stories",
      items: {
        type: "object",
        properties: { title: { type: "string" }, default: { type: ["integer", "null"] } },
        required: ["title"],
      },
    },
  },
  {
    id: "4c90c3cc-0d44-4b50-8888-8dd25736052a",
    title: "Top stories",
    parameters: [],
    outputSchema: {
      type: "object",
      properties: {
        success: { type: "boolean" },
        data: { $ref: "#/$defs/Story" },
        error: { type: ["string", "null"] },
      },
      required: ["success", "data"],
      $defs: {
        Story: {
          type: "object",
          title: "Skill",
          properties: { replies: { type: "array", items: { $ref: "#/$defs/Story" } } },
          required: ["replies"],
        },
      },
    },
  },
  {
    id: "5c90c3cc-0d44-4b50-8888-8dd25736052a",
    title: "7 */ export const evil = 1; /*",
    parameters: [{ name: 'a": never; "b', type: "array", description: "*/ evil" }],
    outputSchema: {
      type: "object",
      properties: {
        passwd: { $ref: "file:///etc/passwd" },
        far: { $ref: "http://127.0.0.1:1/schema.json" },
        evil: { type: "string", tsType: "typeof process", description: "*/ evil" },
        kind: { enum: ["a", 'b"'] },
      },
    },
  },
  {
    id: "6c90c3cc-0d44-4b50-8888-8dd25736052a",
    title: "読めない",
    parameters: [],
    outputSchema: { $ref: "#/nowhere" },
  },
  {
    id: "7c90c3cc-0d44-4b50-8888-8dd25736052a",
    title: "Comment thread",
    parameters: [{ name: "id", type: "number" }],
    outputSchema: {
      type: "object",
      properties: {
        author: { type: "string", nullable: true },
        place: { type: "array", prefixItems: [{ type: "string" }, { type: "number" }], items: false },
        range: { prefixItems: [{ type: "number" }, { type: "number" }], minItems: 1 },
        votes: { type: "object", additionalProperties: { type: "integer" } },
        replies: { type: "array", items: { $ref: "#" } },
        first: { oneOf: [{ $ref: "#" }, { type: "null" }] },
        length: { type: "array", minItems: "1 */ export const x = 1; /*", prefixItems: [{ const: 1 }] },
        other: { not: { type: "string" } },
      },
      required: ["author", "place", "replies"],
    },
  },
].map((skill) => ({
  ...{ slug: null, description: "", categories: [], domains: [], status: "finished", currentVersion: 1 },
  ...{ isEnabled: true, isPublic: false, createdAt: DATE, updatedAt: DATE, ...skill },
}));

describe("the types command", () => {
  const unfinished = { ...SKILLS[0], id: "9c90c3cc-0d44-4b50-8888-8dd25736052a", currentVersion: null };
  const all = [...SKILLS, unfinished];
  /** @type {string} */
  let baseUrl;
  /** @type {Awaited<ReturnType<typeof listen>>} */
  let server;
  before(async () => {
    server = await listen(({ url = "" }, outgoing) => {
      const id = url.match(/^\/skills\/([^/]+)$/)?.[1];
      const page = { items: all, totalItems: all.length, pageNumber: 1, pageSize: 100 };
      const found = id === undefined ? page : all.find((skill) => skill.id === id);
      outgoing.writeHead(found ? 200 : 404, { "content-type": "application/json" });
      outgoing.end(JSON.stringify(found ?? { detail: "Skill not found" }));
    });
    baseUrl = `http://127.0.0.1:${server.port}`;
  });
  after(() => server?.close());

  test("writes the types that tests/types compiles", async () => {
    const { code, out } = await run(["types", "--base-url", baseUrl]);
    assert.equal(code, 0);
    assert.equal(out, await readFile(join(root, "tests/types/skills.d.ts"), "utf8"));
  });

  test("prints a line to stderr for each part of a schema that the types do not express", async () => {
    const { errors } = await run(["types", "--base-url", baseUrl]);
    const lines = errors.trim().split("\n");
    const expected = [
      'Top stories (3c90…): parameters.later: there is no type "a type of next year"',
      '7 */ export const evil = 1; /* (5c90…): outputSchema.properties.passwd.$ref: "file:///etc/passwd" is outside the schema: not fetched',
      '7 */ export const evil = 1; /* (5c90…): outputSchema.properties.far.$ref: "http://127.0.0.1:1/schema.json" is outside the schema: not fetched',
      '読めない (6c90…): outputSchema.$ref: there is no "#/nowhere" in the schema',
      "Comment thread (7c90…): outputSchema.properties.length.minItems: its value has the wrong type and is ignored",
      "Comment thread (7c90…): outputSchema.properties.other.not: it has no type and is ignored",
    ];
    assert.deepEqual(
      lines.map((line) => line.replace(/c3cc-[0-9a-f-]+(?=\))/, "…")),
      expected,
    );
  });

  test("writes the types of the given skills, by id or slug", async () => {
    const file = join(installed.projectFolder, "a", "new", "folder", "skills.d.ts");
    const names = ["top-stories", SKILLS[3]?.id ?? ""];
    const { code, out } = await run(["types", ...names, "--out", file, "--base-url", baseUrl]);
    assert.deepEqual([code, out], [0, ""]);
    const text = await readFile(file, "utf8");
    const known = [...text.matchAll(/^ {4}"(.+)": /gm)].map(([, id]) => id);
    assert.deepEqual(known, [SKILLS[0]?.id, SKILLS[3]?.id]);
  });

  test("names a file that cannot be written", async () => {
    const file = join(installed.projectFolder, "package.json", "skills.d.ts");
    const { code, errors } = await run(["types", SKILLS[4]?.id ?? "", "--out", file, "--base-url", baseUrl]);
    assert.equal(code, 1);
    assert.ok(errors.includes(`Cannot write ${file}: `), errors);
  });

  test("fails without skills, or for a skill that is not finished", async () => {
    for (const [name, message] of [
      ["nothing", /no skill with the slug "nothing"/],
      ["8c90c3cc-0d44-4b50-8888-8dd25736052a", /Skill not found/],
      [unfinished.id, /not finished/],
    ]) {
      const { code, out, errors } = await run(["types", String(name), "--base-url", baseUrl]);
      assert.deepEqual([code, out], [1, ""]);
      assert.match(errors, /** @type {RegExp} */ (message));
    }
  });
});
