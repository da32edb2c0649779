/** Lengths of texts in Unicode code points, by `Model.field` or a parameter's name: put in by vite.config.ts. */
declare const __LIMITS__: Record<string, { min?: number; max?: number }>;
