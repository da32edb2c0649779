// Inlined into index.html, which contains the first screen: the first paint does not wait for the script of the page.
(() => {
  const stored = (storage, name) => {
    try {
      return JSON.parse(storage().getItem(`playground.${name}`)) ?? undefined;
    } catch {
      // The page works without storage.
    }
  };
  const { mode = "emulator" } = stored(() => sessionStorage, "connection") ?? {};
  const { dataset } = document.documentElement;
  dataset.theme = stored(() => localStorage, "theme") ?? "system";
  // The script of the page removes it when it renders.
  dataset.painted = mode === "emulator" && /^#?\/?$/.test(location.hash) ? "all" : "frame";
  const preload = () => {
    if (!dataset.painted || mode !== "emulator") return;
    for (const href of __WASM__) {
      const link = { rel: "preload", as: "fetch", crossOrigin: "", href };
      document.head.append(Object.assign(document.createElement("link"), link));
    }
  };
  // After the first paint, because the script is more urgent.
  requestAnimationFrame(() => setTimeout(preload));
})();
