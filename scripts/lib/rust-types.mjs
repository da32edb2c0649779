// @ts-check
/** Writes the types of rustdoc's JSON as Rust. */

/** @typedef {any} Json - A part of rustdoc's JSON, whose types are unstable. */

/** @type {Record<string, (type: Json) => string>} */
const TYPES = {
  generic: (name) => name,
  primitive: (name) => name,
  resolved_path: ({ path, args }) => path.split("::").at(-1) + argumentsOf(args),
  borrowed_ref: ({ lifetime, is_mutable, type }) =>
    `&${lifetime ? `${lifetime} ` : ""}${is_mutable ? "mut " : ""}${typeOf(type)}`,
  tuple: (types) => `(${types.map(typeOf).join(", ")})`,
  slice: (type) => `[${typeOf(type)}]`,
  array: ({ type, len }) => `[${typeOf(type)}; ${len}]`,
  impl_trait: (bounds) => `impl ${boundsOf(bounds)}`,
  dyn_trait: ({ traits, lifetime }) => {
    const names = traits.map((/** @type {Json} */ { trait }) => typeOf({ resolved_path: trait }));
    return `dyn ${[...names, ...(lifetime ? [lifetime] : [])].join(" + ")}`;
  },
  qualified_path: ({ name, self_type }) => `${typeOf(self_type)}::${name}`,
};

/** @param {Json} type @returns {string} */
export function typeOf(type) {
  if (type === null) return "()";
  const [kind = "", found] = Object.entries(type)[0] ?? [];
  const write = TYPES[kind];
  if (!write) throw new Error(`a type that scripts/lib/rust-types.mjs does not know: ${kind}`);
  return write(found);
}

/** @param {Json} generics */
export function whereOf(generics) {
  const bounds = generics.where_predicates.flatMap((/** @type {Json} */ { bound_predicate }) =>
    bound_predicate ? `${typeOf(bound_predicate.type)}: ${boundsOf(bound_predicate.bounds)}` : [],
  );
  return bounds.length > 0 ? ` where ${bounds.join(", ")}` : "";
}

/** @param {Json[]} bounds */
function boundsOf(bounds) {
  const names = bounds.map((bound) =>
    bound.trait_bound ? typeOf({ resolved_path: bound.trait_bound.trait }) : bound.outlives,
  );
  return names.filter(Boolean).join(" + ");
}

/** @param {Json} args */
function argumentsOf(args) {
  if (args?.parenthesized) {
    const { inputs, output } = args.parenthesized;
    return `(${inputs.map(typeOf).join(", ")})${output ? ` -> ${typeOf(output)}` : ""}`;
  }
  const { args: types = [], constraints = [] } = args?.angle_bracketed ?? {};
  const written = [
    ...types.map((/** @type {Json} */ arg) => (arg.type ? typeOf(arg.type) : (arg.lifetime ?? "_"))),
    ...constraints.map(
      (/** @type {Json} */ { name, binding }) => `${name} = ${typeOf(binding.equality?.type ?? null)}`,
    ),
  ];
  return written.length > 0 ? `<${written.join(", ")}>` : "";
}
