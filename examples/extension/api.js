// @ts-check
/**
 * Base URL of the API. Not an option: an attacker who persuades a user to change it would get the key. To use the emulator,
 * change it here and in the manifest's `host_permissions`.
 */
export const baseUrl = "https://api.browser-use.com/api/v2";
