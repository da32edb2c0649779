interface Tab {
  name: string;
  href: string;
  isCurrent: boolean;
}

/** Links to the views of a skill. */
export function Tabs({ tabs }: { tabs: readonly Tab[] }) {
  return (
    <nav class="tabs" aria-label="Views of this skill">
      {tabs.map(({ name, href, isCurrent }) => (
        <a key={name} href={href} aria-current={isCurrent ? "page" : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
