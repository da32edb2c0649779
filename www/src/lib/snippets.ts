/** Generates code for the action of a view: whole programs, in JavaScript and Rust. */
export { type Action, type Origin, originOf, type Preparation } from "./action.js";
export { javaScript } from "./javascript.js";
export { rust } from "./rust.js";
