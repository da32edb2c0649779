/** Progress bar in a line without height, to avoid layout shifts. */
export function Loading({ when, label }: { when: boolean; label: string }) {
  return <div class="loading">{when && <progress aria-label={label} />}</div>;
}
