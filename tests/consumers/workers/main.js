const workers = {
  dedicated: () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }),
  shared: () => new SharedWorker(new URL("./worker.js", import.meta.url), { type: "module" }).port,
  service: async () => {
    await navigator.serviceWorker.register("/worker.js", { type: "module" });
    return (await navigator.serviceWorker.ready).active;
  },
};

async function ask(kind, baseUrl) {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve, reject) => {
    port1.onmessage = ({ data: { told, failed } }) => (told ? resolve(told) : reject(new Error(failed)));
  });
  (await workers[kind]()).postMessage({ baseUrl }, [port2]);
  return answer;
}

const parameters = new URLSearchParams(location.search);
globalThis.told = ask(parameters.get("worker"), parameters.get("emulator"));
