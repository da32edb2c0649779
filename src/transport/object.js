// Operations on objects that may throw. Rust catches the error.

/** Calls a method. */
export function invoke(object, method, first, second) {
  return object[method](first, second);
}

/** An object with the fields of two; those of the second win. */
export function assigned(one, other) {
  return { ...one, ...other };
}

/** A value as a string of JSON. Throws for numbers that JSON does not have, which `JSON.stringify` turns into null. */
export function toJson(value) {
  const text = JSON.stringify(value);
  // A function that sees each value takes several times as long.
  return text?.includes("null") ? JSON.stringify(value, rejectNotFinite) : text;
}

function rejectNotFinite(key, item) {
  if (typeof item === "number" && !Number.isFinite(item)) throw new RangeError(`"${key}" is ${item}`);
  return item;
}
