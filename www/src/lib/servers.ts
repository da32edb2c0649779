/** Base URLs of the API. */
export const CLOUD = "https://api.browser-use.com/api/v2";
export const LOCAL_EMULATOR = "http://127.0.0.1:8787/api/v2";
