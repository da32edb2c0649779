// Globals that Jest's jsdom environment hides. The build injects them into the CommonJS files.
export { TextDecoder, TextEncoder } from "node:util";
