import { dirname } from "node:path";

// For the layout of these tests only, where a project shares its packages and the story with others.
export default { turbopack: { root: dirname(import.meta.dirname) } };
