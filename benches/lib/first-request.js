// Loaded before a program, in a page or a service worker. Stubs the API, and resolves `firstRequest` to the time of the
// first request, in milliseconds since the Unix epoch. A classic script, because pages run those before modules.
self.firstRequest = new Promise((resolve) => {
  const { fetch } = self;
  self.fetch = (input, init) => {
    const url = input.url ?? String(input);
    if (!url.startsWith("https://api.browser-use.com/")) return fetch(input, init);
    resolve(performance.timeOrigin + performance.now());
    return Promise.resolve(new Response('{"success":true,"result":[]}'));
  };
});
