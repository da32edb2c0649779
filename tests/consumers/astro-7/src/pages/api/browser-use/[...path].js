import { proxy } from "../../../../api-proxy.js";

export const ALL = ({ request }) => proxy(request);
