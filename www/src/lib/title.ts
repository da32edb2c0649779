/** Keeps the title of the tab equal to the heading of the view, whose data may arrive later. */

const NAME = "browser-use-skills";

/** Returns a function that ends it. */
export function followHeading(view: HTMLElement): () => void {
  const update = () => {
    // Without the mark of an official skill.
    const heading = view.querySelector("h1")?.firstChild?.textContent?.trim();
    const title = heading ? `${heading} · ${NAME}` : NAME;
    if (document.title !== title) document.title = title;
  };
  const observer = new MutationObserver(update);
  observer.observe(view, { childList: true, characterData: true, subtree: true });
  update();
  return () => observer.disconnect();
}
