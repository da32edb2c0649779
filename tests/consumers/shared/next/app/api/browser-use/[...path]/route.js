import { proxy } from "../../../../api-proxy.js";

export const GET = proxy;
export const POST = proxy;
