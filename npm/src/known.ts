/**
 * The skills whose types are known, by id, each with `parameters` and `output`. Empty, until a file that
 * `npx browser-use-skills types` has written adds yours to it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be merged with
export interface KnownSkills {}
