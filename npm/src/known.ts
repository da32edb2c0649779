/**
 * Types of your skills, by id: their `parameters` and `output`. Empty by default; the file written by
 * `npx browser-use-skills types` adds your skills by declaration merging.
 */
// biome-ignore lint/suspicious/noEmptyInterface: users merge declarations with it
export interface KnownSkills {}
