import type { ComponentChildren } from "preact";

/** Something that may be larger than its place. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: neither a landmark, as a section is, nor part of a form
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be within the keyboard's reach
    <div class="scroll" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
