// @ts-check
/**
 * Where the API is. Not an option: whoever talks a user into another address gets the key. To try the emulator, change
 * it here, and in the manifest's `host_permissions`.
 */
export const baseUrl = "https://api.browser-use.com/api/v2";
