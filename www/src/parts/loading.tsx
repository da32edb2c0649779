/** Says that something is under way, in a line that takes no room, so that nothing jumps. */
export function Loading({ when, label }: { when: boolean; label: string }) {
  return <div class="loading">{when && <progress aria-label={label} />}</div>;
}
