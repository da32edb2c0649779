// Converts JSON Schema to TypeScript types. A schema comes from a server and may be hostile: this file writes every token of
// the output. Unsupported keywords and values of the wrong type are ignored.
import { docComment, indent, propertyName, quoted, stringLiteral } from "./text.js";

/** A part of a schema that the types do not express. */
export interface Loss {
  /** Path from the root of the schema. */
  path: Path;
  message: string;
}

type Path = readonly string[];
type Schema = Readonly<Record<string, unknown>>;

/** Keywords that constrain values but have no counterpart in TypeScript. */
const UNTYPED = ["not", "if", "dependentSchemas", "dependencies", "$dynamicRef", "$recursiveRef"];
/** Maximum nesting depth of schemas, and maximum length of a chain of references. */
const MAX_DEPTH = 200;
const ANY_OBJECT = "{ [key: string]: unknown }";
export const EMPTY_OBJECT = "{ [key: string]: never }";

/** Generates the type aliases of one schema: `Output`, and one for each target of a `$ref`. */
export class SchemaWriter {
  readonly #losses = new Map<string, Loss>();
  readonly #root: unknown;
  /** Alias names, by the path of their schema. */
  readonly #names = new Map<string, string>();
  readonly #takenNames: Set<string>;
  /** Paths of schemas without circular references. */
  readonly #acyclic = new Set<string>();

  /**
   * @param root - The whole schema, which `#` refers to.
   * @param output - Path of the subschema of `Output`.
   * @param takenNames - Reserved names.
   */
  constructor(root: unknown, output: Path, takenNames: Iterable<string>) {
    this.#root = root;
    this.#takenNames = new Set(["Output", ...takenNames]);
    this.#names.set(keyOf(output), "Output");
  }

  write(): string {
    const aliases: string[] = [];
    // References add names while the loop runs.
    for (const [key, name] of this.#names) {
      const path: Path = JSON.parse(key);
      const schema = this.#resolve(path);
      aliases.push(
        `${this.#comment(schema, path)}export type ${name} = ${unwrapped(this.#type(schema, path))};\n`,
      );
    }
    return aliases.join("\n");
  }

  /** The parts of the schema that the types do not express. Call after {@link write}. */
  get losses(): Loss[] {
    return [...this.#losses.values()];
  }

  /** Records a loss once. Returns the type to use instead. */
  #lose(path: Path, message: string): "unknown" {
    this.#losses.set(keyOf([...path, message]), { path, message });
    return "unknown";
  }

  #type(schema: unknown, path: Path): string {
    if (schema === true) return "unknown";
    if (schema === false) return "never";
    if (!isObject(schema)) return this.#lose(path, "it is not a schema");
    if (path.length > MAX_DEPTH) return this.#lose(path, "it is nested too deeply");
    for (const keyword of UNTYPED)
      if (Object.hasOwn(schema, keyword)) this.#lose([...path, keyword], "it has no type and is ignored");
    const parts = [this.#ownType(schema, path)];
    if (Object.hasOwn(schema, "$ref")) parts.push(this.#reference(schema.$ref, [...path, "$ref"]));
    parts.push(...this.#branches(schema, "allOf", path));
    for (const keyword of ["anyOf", "oneOf"]) {
      const branches = this.#branches(schema, keyword, path);
      if (branches.length > 0) parts.push(union(branches));
    }
    const type = intersection(parts);
    return this.#read(schema, "nullable", isBoolean, path) ? union([type, "null"]) : type;
  }

  #branches(schema: Schema, keyword: string, path: Path): string[] {
    const branches = this.#read(schema, keyword, isArray, path) ?? [];
    return branches.map((branch, index) => this.#type(branch, [...path, keyword, String(index)]));
  }

  /** The type of the schema's own keywords, without references and branches. */
  #ownType(schema: Schema, path: Path): string {
    if (Object.hasOwn(schema, "const")) return this.#literal(schema.const, [...path, "const"]);
    const values = this.#read(schema, "enum", isArray, path);
    if (values) return union(values.map((value) => this.#literal(value, [...path, "enum"])));
    const names = this.#read(schema, "type", isStringOrStrings, path) ?? inferType(schema);
    return union([names].flat().map((name) => this.#typeNamed(name, schema, path)));
  }

  #typeNamed(name: string, schema: Schema, path: Path): string {
    switch (name) {
      case "string":
      case "number":
      case "boolean":
      case "null":
      case "unknown":
        return name;
      case "integer":
        return "number";
      case "object":
        return this.#object(schema, path);
      case "array":
        return this.#array(schema, path);
      default:
        return this.#lose([...path, "type"], `there is no type ${quoted(name)}`);
    }
  }

  #object(schema: Schema, path: Path): string {
    const properties = this.#read(schema, "properties", isObject, path) ?? {};
    const required = new Set(this.#read(schema, "required", isStrings, path) ?? []);
    const members = [...new Set([...Object.keys(properties), ...required])].map((name) => {
      const propertyPath = [...path, "properties", name];
      const optional = required.has(name) ? "" : "?";
      if (!Object.hasOwn(properties, name)) return `${propertyName(name)}${optional}: unknown;`;
      const type = unwrapped(this.#type(properties[name], propertyPath));
      return `${this.#comment(properties[name], propertyPath)}${propertyName(name)}${optional}: ${type};`;
    });
    const other = this.#otherProperties(schema, path);
    if (members.length === 0) return other === undefined ? ANY_OBJECT : `{ [key: string]: ${other} }`;
    if (other !== undefined && other !== "never") {
      // An index signature also applies to the named properties, so it cannot be narrower than these.
      if (other !== "unknown") this.#lose(path, "additional properties have the type unknown");
      members.push("[key: string]: unknown;");
    }
    return `{\n${indent(members.join("\n"))}\n}`;
  }

  /** The type of additional properties; undefined if the schema does not mention them. */
  #otherProperties(schema: Schema, path: Path): string | undefined {
    const patterns = Object.entries(this.#read(schema, "patternProperties", isObject, path) ?? {});
    const types = patterns.map(([name, one]) => this.#type(one, [...path, "patternProperties", name]));
    if (Object.hasOwn(schema, "additionalProperties"))
      types.push(this.#type(schema.additionalProperties, [...path, "additionalProperties"]));
    return types.length === 0 ? undefined : union(types);
  }

  #array(schema: Schema, path: Path): string {
    // Before draft 2020-12, an array of `items` meant `prefixItems`, with `additionalItems` for the rest.
    const isOld = Array.isArray(schema.items);
    const elements = this.#branches(schema, isOld ? "items" : "prefixItems", path);
    const restKeyword = isOld ? "additionalItems" : "items";
    const rest = Object.hasOwn(schema, restKeyword)
      ? this.#type(schema[restKeyword], [...path, restKeyword])
      : undefined;
    if (elements.length === 0) return `${rest ?? "unknown"}[]`;
    // Strictly, a tuple without `minItems` may be empty, and one without `items` may be longer. Authors rarely intend that.
    const minItems = this.#read(schema, "minItems", isNumber, path) ?? elements.length;
    const types = elements.map((type, index) => (index < minItems ? type : `${type}?`));
    if (rest !== undefined && rest !== "never") types.push(`...${rest}[]`);
    return `[${types.join(", ")}]`;
  }

  #reference(target: unknown, path: Path): string {
    if (typeof target !== "string") return this.#lose(path, "it is not a string and is ignored");
    if (!target.startsWith("#"))
      return this.#lose(path, `${quoted(target)} is outside the schema: not fetched`);
    const found = pathOf(target);
    if (!found || this.#resolve(found) === undefined)
      return this.#lose(path, `there is no ${quoted(target)} in the schema`);
    if (this.#isCyclic(found, [])) return this.#lose(path, `${quoted(target)} refers only to itself`);
    const key = keyOf(found);
    const name = this.#names.get(key) ?? uniqueName(found.at(-1) ?? "Root", this.#takenNames);
    this.#names.set(key, name);
    return name;
  }

  /** Whether a schema refers to itself without an object or array in between: TypeScript rejects such an alias. */
  #isCyclic(path: Path, above: readonly string[]): boolean {
    const key = keyOf(path);
    if (this.#acyclic.has(key)) return false;
    if (above.includes(key) || above.length > MAX_DEPTH) return true;
    const schema = this.#resolve(path);
    if (!isObject(schema)) return false;
    const target = typeof schema.$ref === "string" ? pathOf(schema.$ref) : undefined;
    const next = target ? [target] : [];
    for (const keyword of ["allOf", "anyOf", "oneOf"]) {
      const branches = Array.isArray(schema[keyword]) ? schema[keyword] : [];
      next.push(...branches.map((_, index) => [...path, keyword, String(index)]));
    }
    if (next.some((one) => this.#isCyclic(one, [...above, key]))) return true;
    this.#acyclic.add(key);
    return false;
  }

  #resolve(path: Path): unknown {
    let value = this.#root;
    for (const key of path) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Schema)[key];
    }
    return value;
  }

  #literal(value: unknown, path: Path): string {
    if (typeof value === "string") return stringLiteral(value);
    if (value === null || isBoolean(value) || isNumber(value)) return JSON.stringify(value);
    return this.#lose(path, "only strings, finite numbers, booleans and null have a type of their own");
  }

  #comment(schema: unknown, path: Path): string {
    return isObject(schema) ? docComment(this.#read(schema, "description", isString, path) ?? "") : "";
  }

  /** The value of a keyword; undefined if it is absent, null or of the wrong type. */
  #read<Value>(
    schema: Schema,
    keyword: string,
    isValid: (value: unknown) => value is Value,
    path: Path,
  ): Value | undefined {
    const value = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
    if (value == null) return undefined;
    if (isValid(value)) return value;
    this.#lose([...path, keyword], "its value has the wrong type and is ignored");
    return undefined;
  }
}

/** Converts a text to a unique identifier in upper camel case, and adds it to `taken`. */
export function uniqueName(text: string, taken: Set<string>): string {
  const words = text.match(/[A-Za-z0-9]+/g) ?? [];
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  const name = /^[A-Z]/.test(joined) ? joined : `Skill${joined}`;
  let unique = name;
  for (let count = 2; taken.has(unique); count += 1) unique = `${name}_${count}`;
  taken.add(unique);
  return unique;
}

/** Infers the type of a schema without `type` from its keywords. */
function inferType(schema: Schema): string {
  const has = (keyword: string) => Object.hasOwn(schema, keyword);
  if (["properties", "required", "additionalProperties", "patternProperties"].some(has)) return "object";
  return ["items", "prefixItems"].some(has) ? "array" : "unknown";
}

/** Parses a reference within the schema; undefined if it is not a JSON pointer. */
function pathOf(reference: string): Path | undefined {
  if (reference === "#") return [];
  if (!reference.startsWith("#/")) return undefined;
  try {
    const keys = decodeURIComponent(reference.slice(2)).split("/");
    return keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  } catch {
    return undefined;
  }
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

function union(types: readonly string[]): string {
  if (types.includes("unknown")) return "unknown";
  const different = [...new Set(types)].filter((type) => type !== "never");
  if (different.length === 0) return "never";
  return different.length === 1 ? String(different[0]) : `(${different.join(" | ")})`;
}

/** Removes the parentheses that {@link union} and {@link intersection} add. */
function unwrapped(type: string): string {
  return type.endsWith(")") ? type.slice(1, -1) : type;
}

function intersection(types: readonly string[]): string {
  const different = [...new Set(types)].filter((type) => type !== "unknown");
  if (different.length === 0) return "unknown";
  return different.length === 1 ? String(different[0]) : `(${different.join(" & ")})`;
}

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isArray = (value: unknown): value is unknown[] => Array.isArray(value);
const isString = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isStrings = (value: unknown): value is string[] => isArray(value) && value.every(isString);
const isStringOrStrings = (value: unknown): value is string | string[] => isString(value) || isStrings(value);
