// Loaded before a program, in a page and in a service worker: answers the API without a network, and tells when the
// first request to it left, in milliseconds of the machine's clock. A classic script, because a page runs it first.
self.firstRequest = new Promise((resolve) => {
  const { fetch } = self;
  self.fetch = (input, init) => {
    const address = input.url ?? String(input);
    if (!address.startsWith("https://api.browser-use.com/")) return fetch(input, init);
    resolve(performance.timeOrigin + performance.now());
    return Promise.resolve(new Response('{"success":true,"result":[]}'));
  };
});
