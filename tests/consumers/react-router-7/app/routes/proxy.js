import { proxy } from "../../api-proxy.js";

export const loader = ({ request }) => proxy(request);
export const action = loader;
