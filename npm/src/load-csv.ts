/** Loads the serializer of CSV, a file of its own. */
export const loadCsv = () => import("./batch.csv.js");
