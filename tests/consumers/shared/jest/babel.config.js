// For the module syntax of scenario.js: Jest runs CommonJS.
module.exports = { plugins: ["@babel/plugin-transform-modules-commonjs"] };
