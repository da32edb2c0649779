// @ts-check
/** Lists the public API of the Rust crate, from rustdoc's JSON. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root, run } from "./run.mjs";
import { typeOf, whereOf } from "./rust-types.mjs";

const TARGET = "wasm32-unknown-unknown";
/** The crate, and the one whose models it re-exports. */
const CRATES = ["browser-use-skills", "browser-use-skills-core"];

/** Traits that derives implement for the compiler, and the one of our own tables. */
const INTERNAL = new Set(["StructuralPartialEq", "TrivialClone", "Shaped"]);

/** @typedef {any} Item - An item of rustdoc's JSON, whose types are unstable. */

/** The file with the API, which the step `docs` of the tests compares with the crate. */
export const rustApiFile = join(root, "docs", "rust-api.txt");

/** Returns a line for each public item, sorted. Hidden items are not public. */
export async function rustApi() {
  const [crate, core] = await Promise.all(await documented());
  const api = new Api([crate, core]);
  api.module(crate, crate.root, "");
  return `${[...api.lines].sort().join("\n")}\n`;
}

/** Writes and reads the JSON of all crates, one after the other: cargo locks its folder. */
async function documented() {
  const env = { ...process.env, RUSTDOC: join(root, "scripts/lib/rustdoc.sh") };
  const flags = ["-Z", "unstable-options", "--output-format", "json", "--document-hidden-items"];
  for (const name of CRATES) {
    await run("cargo", ["rustdoc", "--quiet", "--target", TARGET, "-p", name, "--", ...flags], { env });
  }
  return CRATES.map(async (name) => {
    const file = join(root, "target", TARGET, "doc", `${name.replaceAll("-", "_")}.json`);
    return JSON.parse(await readFile(file, "utf8"));
  });
}

class Api {
  /** @type {Set<string>} */
  lines = new Set();
  #crates;

  /** @param {any[]} crates */
  constructor(crates) {
    this.#crates = crates;
  }

  /** @param {any} crate @param {number} id @param {string} path */
  module(crate, id, path) {
    for (const item of this.#itemsOf(crate, crate.index[id].inner.module.items)) {
      if (item.inner.use) this.#use(crate, item.inner.use, path);
      else this.#item(crate, item, path);
    }
  }

  /** @param {any} crate @param {any} use @param {string} path */
  #use(crate, { source, name, id, is_glob }, path) {
    const [from, target] = this.#find(crate, id);
    if (!target) this.#add(path, `use ${source}`);
    else if (is_glob) this.module(from, target.id, path);
    else this.#item(from, { ...target, name }, path);
  }

  /** Finds an item in its own crate. @param {any} crate @param {number} id @returns {[any, Item | undefined]} */
  #find(crate, id) {
    const summary = crate.paths[id];
    const owner = this.#crates.find((other) => summary?.path[0] === other.index[other.root].name);
    if (!owner || owner === crate) return [crate, crate.index[id]];
    const path = summary.path.join("::");
    const found = Object.entries(owner.paths).find(
      ([, other]) => other.crate_id === 0 && other.path.join("::") === path,
    );
    return [owner, found && owner.index[found[0]]];
  }

  /** @param {any} crate @param {number[]} ids @returns {Item[]} */
  #itemsOf(crate, ids) {
    const items = ids.map((id) => crate.index[id]).filter(Boolean);
    return items.filter(
      (item) => item.visibility !== "crate" && !JSON.stringify(item.attrs).includes("hidden"),
    );
  }

  /** @param {string} path @param {string} text */
  #add(path, text) {
    this.lines.add(`${path || "crate"}: ${text}`);
  }

  /** @param {any} crate @param {Item} item @param {string} path */
  #item(crate, item, path) {
    const [kind, inner] = /** @type {[string, any]} */ (Object.entries(item.inner)[0]);
    const own = path ? `${path}::${item.name}` : item.name;
    const generics = genericsOf(inner.generics);
    if (kind === "module") this.module(crate, item.id, own);
    else if (kind === "function") this.#add(path, functionOf(item.name, inner));
    else if (kind === "struct_field") this.#add(path, `${item.name}: ${typeOf(inner)}`);
    else if (kind === "variant") this.#add(path, `${item.name}${this.#fieldsOf(crate, inner.kind)}`);
    else if (kind === "constant" || kind === "assoc_const")
      this.#add(path, `const ${item.name}: ${typeOf(inner.type)}`);
    else if (kind === "assoc_type") this.#add(path, `type ${item.name}`);
    else if (kind === "type_alias") this.#add(path, `type ${item.name}${generics} = ${typeOf(inner.type)}`);
    else if (kind === "trait") {
      this.#add(path, `trait ${item.name}${generics}`);
      for (const id of inner.items) this.#item(crate, crate.index[id], own);
    } else {
      const isOpen = !JSON.stringify(item.attrs).includes("non_exhaustive");
      this.#add(path, `${isOpen ? "" : "#[non_exhaustive] "}${kind} ${item.name}${generics}`);
      const parts = inner.variants ?? inner.kind?.plain?.fields ?? [];
      for (const part of this.#itemsOf(crate, parts)) this.#item(crate, part, own);
      if (this.#itemsOf(crate, inner.kind?.tuple ?? []).length > 0)
        this.#add(own, this.#fieldsOf(crate, inner.kind));
      for (const id of inner.impls ?? []) this.#implementation(crate, crate.index[id], own);
    }
  }

  /** @param {any} crate @param {any} kind */
  #fieldsOf(crate, kind) {
    const fields = (/** @type {(number | null)[]} */ ids) =>
      ids.map((id) => (id === null ? undefined : crate.index[id]));
    if (kind.tuple) {
      const isPublic = (/** @type {Item} */ field) => field && field.visibility !== "crate";
      const types = fields(kind.tuple).map((field) =>
        isPublic(field) ? typeOf(field.inner.struct_field) : "_",
      );
      return `(${types.join(", ")})`;
    }
    if (!kind.struct) return "";
    const types = fields(kind.struct.fields).map(
      (field) => `${field.name}: ${typeOf(field.inner.struct_field)}`,
    );
    return ` { ${types.join(", ")} }`;
  }

  /** @param {any} crate @param {Item} item @param {string} path */
  #implementation(crate, item, path) {
    const found = item?.inner.impl;
    // Those of the standard library change with the toolchain.
    if (!found || found.is_synthetic || found.blanket_impl) return;
    if (found.trait) {
      if (!INTERNAL.has(found.trait.path)) this.#add(path, `impl ${typeOf({ resolved_path: found.trait })}`);
      return;
    }
    for (const member of this.#itemsOf(crate, found.items)) this.#item(crate, member, path);
  }
}

/** @param {any} generics */
function genericsOf(generics) {
  const names = (generics?.params ?? [])
    .filter((/** @type {any} */ { kind }) => !kind.type?.is_synthetic)
    .map((/** @type {any} */ { name, kind }) => {
      const bounds = kind.type?.bounds ?? [];
      return bounds.length > 0 ? `${name}: ${typeOf({ impl_trait: bounds }).slice("impl ".length)}` : name;
    });
  return names.length > 0 ? `<${names.join(", ")}>` : "";
}

/** @param {string} name @param {any} found */
function functionOf(name, { sig, generics, header }) {
  const inputs = sig.inputs.map((/** @type {[string, any]} */ [input, type]) => selfOf(input, typeOf(type)));
  const output = sig.output ? ` -> ${typeOf(sig.output)}` : "";
  const words = [header.is_const && "const ", header.is_async && "async "].filter(Boolean).join("");
  return `${words}fn ${name}${genericsOf(generics)}(${inputs.join(", ")})${output}${whereOf(generics)}`;
}

/** @param {string} name @param {string} type */
function selfOf(name, type) {
  if (name !== "self") return `${name}: ${type}`;
  return type === "Self" ? "self" : type.replace(/Self$/, "self");
}
