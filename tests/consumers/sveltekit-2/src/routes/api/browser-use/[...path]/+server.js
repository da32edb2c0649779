import { proxy } from "../../../../../api-proxy.js";

export const fallback = ({ request }) => proxy(request);
