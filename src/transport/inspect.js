// Reads values that may throw: proxies, getters, objects of other realms. Each function does in one call what would take many
// from WebAssembly: every crossing costs, and every name that crosses is decoded again. `undefined` is common
// and does not reach `catch`: an error takes some microseconds, because it captures the stack.

function isArray(value) {
  try {
    return Array.isArray(value);
  } catch {
    // A revoked proxy.
    return false;
  }
}

/** The kind of a JSON value: the number of a `Kind` of `api/node.rs`. */
export function kindOf(value) {
  switch (typeof value) {
    case "undefined":
      return 0;
    case "boolean":
      return 2;
    case "number":
      return Number.isInteger(value) ? 3 : 4;
    case "string":
      return 5;
    case "object":
      return value === null ? 1 : isArray(value) ? 6 : 7;
    default:
      return 8;
  }
}

/** The names of the fields of models, by the number of the model. */
const fieldNames = new Map();

/** Adds the name of a model's next field. */
export function learn(model, name) {
  fieldNames.set(model, [...(fieldNames.get(model) ?? []), name]);
}

/** The kinds of thirteen fields of an object, from an index on, four bits each; -1 for a model without names. */
export function kindsOf(object, model, from) {
  const names = fieldNames.get(model);
  if (!names) return -1;
  let packed = 0;
  for (let index = Math.min(from + 13, names.length) - 1; index >= from; index -= 1) {
    packed = packed * 16 + kindOf(propertyOf(object, names[index]));
  }
  return packed;
}

/** The names of an object's fields; none if there is no object or reading them throws. */
export function keysOf(object) {
  try {
    return Object.keys(object ?? {});
  } catch {
    return [];
  }
}

/** The items of an array; none if reading them throws. */
export function itemsOf(array) {
  try {
    return Array.from(array);
  } catch {
    return [];
  }
}

/** The names of an object's fields that its model does not have. */
export function unknownKeysOf(object, model) {
  return keysOf(object).filter(
    (name) => !fieldNames.get(model)?.includes(name) && propertyOf(object, name) !== undefined,
  );
}

/** The property of a value; `undefined` if there is none or reading it throws. */
export function propertyOf(value, name) {
  try {
    return value?.[name];
  } catch {
    return undefined;
  }
}
