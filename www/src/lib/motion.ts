/** Whether the user prefers less motion, as the system's settings say. */
export function prefersLessMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Scrolls to the start of an element, unless the start is visible. */
export function reveal(element: Element): void {
  const { top } = element.getBoundingClientRect();
  // A start in the last third of the window leaves too little of the element visible.
  if (top >= 0 && top < (innerHeight * 2) / 3) return;
  element.scrollIntoView({ behavior: prefersLessMotion() ? "instant" : "smooth", block: "start" });
}
