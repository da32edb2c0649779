import { proxy } from "~~/api-proxy.js";

export default fromWebHandler(proxy);
