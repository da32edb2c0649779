/** Preloads the library's WebAssembly and measures the load. */
import { signal } from "@preact/signals";
import { BrowserUse } from "browser-use-skills";

export const loading = signal<{ milliseconds: number; bytes: number } | undefined>(undefined);

export async function loadLibrary(): Promise<void> {
  const began = performance.now();
  await BrowserUse.load();
  const milliseconds = performance.now() - began;
  const [file] = performance
    .getEntriesByType("resource")
    .filter((entry) => /\/browser_use_skills_bg[^/]*\.wasm$/.test(entry.name)) as PerformanceResourceTiming[];
  loading.value = { milliseconds, bytes: file?.decodedBodySize ?? 0 };
}
