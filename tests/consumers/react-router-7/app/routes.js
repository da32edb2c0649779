import { index, route } from "@react-router/dev/routes";

export default [
  index("routes/page.jsx"),
  route("server", "routes/server.jsx"),
  route("api/run", "routes/run.js"),
  route("api/browser-use/*", "routes/proxy.js"),
];
