/** Lengths of texts in Unicode code points, by `Model.field`: put in by vite.config.ts. */
declare const __LIMITS__: Record<string, { min?: number; max?: number }>;
