export default { entry: "./main.js", output: { path: `${import.meta.dirname}/out`, publicPath: "auto" } };
