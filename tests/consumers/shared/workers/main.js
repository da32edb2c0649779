const workers = {
  dedicated: () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }),
  shared: () => new SharedWorker(new URL("./worker.js", import.meta.url), { type: "module" }).port,
  service: async () => {
    await navigator.serviceWorker.register("/worker.js", { type: "module" });
    return (await navigator.serviceWorker.ready).active;
  },
};

async function runIn(kind, baseUrl) {
  const { port1, port2 } = new MessageChannel();
  const response = new Promise((resolve, reject) => {
    port1.onmessage = ({ data: { result, error } }) => (result ? resolve(result) : reject(new Error(error)));
  });
  (await workers[kind]()).postMessage({ baseUrl }, [port2]);
  return response;
}

const parameters = new URLSearchParams(location.search);
globalThis.result = runIn(parameters.get("worker"), parameters.get("emulator"));
