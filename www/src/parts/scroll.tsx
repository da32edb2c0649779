import type { ComponentChildren } from "preact";

/** Something that may be larger than its place. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be within the keyboard's reach
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
