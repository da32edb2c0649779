interface PagerProps {
  page: { pageNumber: number; pageSize: number; totalItems: number };
  href(pageNumber: number): string;
}

/** Links to the previous and next page of a list. */
export function Pager({ page: { pageNumber, pageSize, totalItems }, href }: PagerProps) {
  const last = Math.max(1, Math.ceil(totalItems / pageSize));
  if (last === 1) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {pageNumber > 1 ? <a href={href(pageNumber - 1)}>Previous</a> : <span class="soft">Previous</span>}
      <span>
        Page {pageNumber} of {last}
      </span>
      {pageNumber < last ? <a href={href(pageNumber + 1)}>Next</a> : <span class="soft">Next</span>}
    </nav>
  );
}
