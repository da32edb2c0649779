// @ts-check
/** @typedef {import("browser-use-skills").ParameterSchema} Parameter */

const INPUTS = { number: "number", boolean: "checkbox", cookie: "password" };

/** Parses the input of types other than text. @type {Record<string, (text: string) => unknown>} */
const PARSERS = { number: Number, array: JSON.parse, object: JSON.parse };

/** Creates a labelled input for a parameter of a skill. @param {Parameter} parameter */
export function fieldFor({ name, type, required = false, description, default: preset }) {
  const isJson = PARSERS[type] === JSON.parse;
  const input = document.createElement(isJson ? "textarea" : "input");
  if (isJson) input.addEventListener("input", () => input.setCustomValidity(jsonProblem(input.value)));
  else input.setAttribute("type", INPUTS[/** @type {keyof typeof INPUTS} */ (type)] ?? "text");
  if (type === "number") input.setAttribute("step", "any");
  input.name = name;
  input.required = required && type !== "boolean";
  if (preset === true) input.setAttribute("checked", "");
  else if (preset != null) input.value = typeof preset === "string" ? preset : JSON.stringify(preset);
  const label = document.createElement("label");
  label.title = description ?? "";
  label.append(`${name}${required ? "" : " (optional)"} `, input);
  return label;
}

/** Converts the form data to parameters. @param {HTMLFormElement} form @param {Parameter[]} parameters */
export function valuesOf(form, parameters) {
  const filled = new FormData(form);
  /** @type {Record<string, unknown>} */
  const values = {};
  for (const { name, type } of parameters) {
    const text = String(filled.get(name) ?? "");
    if (type === "boolean") values[name] = filled.has(name);
    else if (text !== "") values[name] = (PARSERS[type] ?? String)(text);
  }
  return values;
}

/** @param {string} text */
function jsonProblem(text) {
  try {
    if (text !== "") JSON.parse(text);
    return "";
  } catch {
    return "This is not JSON.";
  }
}
