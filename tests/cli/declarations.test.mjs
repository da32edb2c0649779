// @ts-check
/** The TypeScript of `npx browser-use-skills types` contains only declarations, whatever the server sends. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { build } from "esbuild";
import { root } from "../../scripts/lib/run.mjs";
import { hostileSkill } from "../lib/hostile.mjs";

/** Number of hostile skills. */
const CASES = Number(process.env.HOSTILE_CASES ?? 3000);
/** Number of skills per file. */
const BATCH = 100;

// The compiler of the API reference: the one of the root has no JavaScript API.
/** @type {typeof import("../../docs/node_modules/typescript/lib/typescript.js")} */
const ts = createRequire(join(root, "docs/package.json"))("typescript");
const { SyntaxKind } = ts;

/** The only syntax nodes that are allowed in a type. */
const TYPE_NODES = new Set([
  SyntaxKind.StringKeyword,
  SyntaxKind.NumberKeyword,
  SyntaxKind.BooleanKeyword,
  SyntaxKind.NullKeyword,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
  SyntaxKind.UnknownKeyword,
  SyntaxKind.NeverKeyword,
  SyntaxKind.LiteralType,
  SyntaxKind.StringLiteral,
  SyntaxKind.NumericLiteral,
  SyntaxKind.PrefixUnaryExpression,
  SyntaxKind.ParenthesizedType,
  SyntaxKind.UnionType,
  SyntaxKind.IntersectionType,
  SyntaxKind.ArrayType,
  SyntaxKind.TupleType,
  SyntaxKind.OptionalType,
  SyntaxKind.RestType,
  SyntaxKind.TypeLiteral,
  SyntaxKind.PropertySignature,
  SyntaxKind.IndexSignature,
  SyntaxKind.Parameter,
  SyntaxKind.QuestionToken,
  SyntaxKind.TypeReference,
  SyntaxKind.QualifiedName,
  SyntaxKind.Identifier,
]);

/** @type {(skills: any[]) => { text: string, warnings: string[] }} */
let declarations;
before(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(root, "npm/src/cli/declarations.ts")],
    bundle: true,
    format: "esm",
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
  ({ declarations } = await import(`data:text/javascript;base64,${code}`));
});

/** @typedef {import("../../docs/node_modules/typescript/lib/typescript.js").Node} Node */

/** Fails unless a file consists of an import of the package, its augmentation, and namespaces of interfaces and type aliases. @param {string} text */
function assertHarmless(text) {
  const file = ts.createSourceFile("skills.d.ts", text, ts.ScriptTarget.Latest, true);
  assert.deepEqual(/** @type {any} */ (file).parseDiagnostics, []);
  assert.deepEqual(/** @type {any} */ (file).commentDirectives ?? [], []);
  assert.deepEqual(
    [...file.referencedFiles, ...file.typeReferenceDirectives, ...file.libReferenceDirectives],
    [],
  );
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      assert.equal(statement.getText(), 'import "browser-use-skills";');
      continue;
    }
    assert.ok(ts.isModuleDeclaration(statement), statement.getText());
    const isAugmentation = ts.isStringLiteral(statement.name);
    if (isAugmentation) assert.equal(statement.name.text, "browser-use-skills");
    assert.ok(statement.body && ts.isModuleBlock(statement.body));
    for (const inner of statement.body.statements) {
      const isType = !isAugmentation && ts.isTypeAliasDeclaration(inner);
      assert.ok(isType || ts.isInterfaceDeclaration(inner), inner.getText());
      inner.forEachChild(assertType);
    }
  }
}

/** @param {Node} node */
function assertType(node) {
  const isModifier = node.kind === SyntaxKind.ExportKeyword;
  assert.ok(isModifier || TYPE_NODES.has(node.kind), `${SyntaxKind[node.kind]}: ${node.getText()}`);
  node.forEachChild(assertType);
}

/** Returns the errors of the strictest compiler settings. @param {string} text @returns {string[]} */
function errorsIn(text) {
  const files = new Map([
    ["/skills.d.ts", text],
    ["/package.d.ts", "export interface KnownSkills {}"],
  ]);
  const options = {
    strict: true,
    noLib: true,
    types: [],
    paths: { "browser-use-skills": ["/package.d.ts"] },
  };
  const host = {
    ...ts.createCompilerHost(options),
    fileExists: (/** @type {string} */ name) => files.has(name),
    readFile: (/** @type {string} */ name) => files.get(name),
    getSourceFile: (/** @type {string} */ name) => {
      const content = files.get(name);
      return content === undefined ? undefined : ts.createSourceFile(name, content, ts.ScriptTarget.Latest);
    },
    getCurrentDirectory: () => "/",
  };
  const program = ts.createProgram(["/skills.d.ts"], options, host);
  const file = program.getSourceFile("/skills.d.ts");
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("generated declarations", () => {
  test(`of ${CASES} hostile skills contain only types, and compile`, () => {
    for (let first = 0; first < CASES; first += BATCH) {
      const skills = Array.from({ length: BATCH }, (_, index) => hostileSkill(first + index));
      const { text } = declarations(skills);
      try {
        assertHarmless(text);
        assert.deepEqual(errorsIn(text), []);
      } catch (error) {
        throw new Error(`in the file with the seeds from ${first}`, { cause: error });
      }
    }
  });

  test("the check detects code, directives and other types", () => {
    for (const code of [
      "export const evil = 1;",
      "export namespace A { export const evil = 1; }",
      "export namespace A { export type B = typeof process; }",
      "export namespace A { export type B = import('node:fs').Stats; }",
      "export namespace A {\n/** @ts-ignore */\nexport type B = string; }",
      'import "other";',
      "export {};",
      "/// <reference path='x' />",
    ])
      assert.throws(() => assertHarmless(code), assert.AssertionError, code);
    assert.notDeepEqual(errorsIn("export namespace A { export type B = B; }"), []);
  });

  test("of a schema with the maximum nesting of JSON are written", () => {
    const deep = (/** @type {string} */ before, /** @type {string} */ after) =>
      JSON.parse(`${before.repeat(5000)}{}${after.repeat(5000)}`);
    for (const outputSchema of [
      deep('{"items":', "}"),
      deep('{"anyOf":[', "]}"),
      deep('{"properties":{"a":', "}}"),
    ]) {
      const { text, warnings } = declarations([{ id: "a", title: "Deep", parameters: [], outputSchema }]);
      assertHarmless(text);
      assert.match(warnings.join(), /nested too deeply/);
    }
  });
});
