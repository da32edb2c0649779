export default { kit: { outDir: "out/kit" } };
