/** A table of any length: sortable, searchable, and rendered only where it is visible. */
import { useMemo, useRef, useState } from "preact/hooks";
import { count, shortened } from "../lib/format.js";
import type { Table } from "../lib/result.js";
import { type Column, columnsOf, formatted, type Order, type Row, searchable, sorted } from "../lib/rows.js";
import { useWindow } from "./use-window.js";

/** Height of a row in pixels; the same as in parts.css. */
const ROW_HEIGHT = 32;
/** Fewer rows need no search. */
const MIN_SEARCHED = 10;
const MAX_CELL = 300;

export function Rows({ table, label = "Result as a table" }: { table: Table; label?: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [order, setOrder] = useState<Order>();
  const columns = useMemo(() => columnsOf(table), [table]);
  const ordered = useMemo(() => sorted(table.rows, order), [table, order]);
  const needle = query.trim().toLowerCase();
  const isSearched = needle !== "";
  const texts = useMemo(
    () => (isSearched ? searchable(table.rows, columns) : undefined),
    [table, columns, isSearched],
  );
  const rows = useMemo(
    () => (texts ? ordered.filter((row) => texts.get(row)?.includes(needle)) : ordered),
    [ordered, texts, needle],
  );
  const { first, end } = useWindow(frame, rows.length, ROW_HEIGHT);
  return (
    <>
      {table.rows.length >= MIN_SEARCHED && (
        <div class="bar">
          <input
            type="search"
            aria-label="Search the rows"
            placeholder="Search the rows"
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
          <span class="soft figure" role="status">
            {isSearched && `${count(rows.length, "row")} of ${table.rows.length.toLocaleString("en")}`}
          </span>
        </div>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a section is a landmark, and a fieldset is part of a form */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard */}
      <div class="scroll data" role="group" aria-label={label} tabIndex={0} ref={frame}>
        <table aria-rowcount={rows.length + 1} style={{ width: widthOf(columns) }}>
          <colgroup>
            {columns.map(({ name, width }) => (
              <col key={name} style={{ width: characters(width) }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <Head key={column.name} column={column} order={order} onOrder={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            <Gap rows={first} />
            {rows.slice(first, end).map((row, index) => (
              <tr key={first + index} aria-rowindex={first + index + 2}>
                {columns.map((column) => (
                  <Cell key={column.name} column={column} row={row} />
                ))}
              </tr>
            ))}
            <Gap rows={rows.length - end} />
          </tbody>
        </table>
      </div>
    </>
  );
}

function characters(width: number, columns = 1): string {
  return `calc(${width}ch + ${columns * 1.5}rem)`;
}

function widthOf(columns: readonly Column[]): string {
  return characters(
    columns.reduce((sum, { width }) => sum + width, 0),
    columns.length,
  );
}

/** The height of rows that are not rendered. */
function Gap({ rows }: { rows: number }) {
  return rows > 0 ? <tr style={{ height: `${rows * ROW_HEIGHT}px` }} /> : null;
}

interface HeadProps {
  column: Column;
  order: Order | undefined;
  onOrder(order: Order | undefined): void;
}

/** Sorts in ascending, then in descending, then in the original order. */
function Head({ column: { name, kind }, order, onOrder }: HeadProps) {
  const current = order?.name === name ? order : undefined;
  const next = !current
    ? { name, isDescending: false }
    : current.isDescending
      ? undefined
      : { name, isDescending: true };
  const direction = current && (current.isDescending ? "descending" : "ascending");
  return (
    <th scope="col" class={kind} aria-sort={direction ?? "none"}>
      <button type="button" class="sort" title={name} onClick={() => onOrder(next)}>
        <span class="cut">{name}</span>
        <span aria-hidden="true">{current && (current.isDescending ? "↓" : "↑")}</span>
      </button>
    </th>
  );
}

function Cell({ column: { name, kind }, row }: { column: Column; row: Row }) {
  const text = shortened(formatted(kind, row[name]), MAX_CELL);
  const isCut = text.length > 30;
  return (
    <td class={kind} title={isCut ? text : undefined}>
      {/^https?:\/\//.test(text) ? (
        <a href={String(row[name])} target="_blank" rel="noreferrer noopener">
          {text.replace(/^https?:\/\//, "")}
        </a>
      ) : (
        text
      )}
    </td>
  );
}
