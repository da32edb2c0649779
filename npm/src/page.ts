import type { ResponsePromise, WithResponse } from "./options.js";

/** What the response of every list operation has. */
interface ListResponse<Item> {
  items: Item[];
  totalItems: number;
  pageNumber: number;
  pageSize: number;
}

/**
 * One page of a list. Plain data, so that it survives JSON, `structuredClone`, messages, caches and props: the next page
 * is got by `list({ ...params, pageNumber: page.pageNumber + 1 })`.
 */
export type Page<Response> = Response & {
  /** Whether there were more items when the server made this page. */
  hasNextPage: boolean;
};

/** The promise of a page, which is also an async iterable over the items of this page and of all that follow. */
export interface PagePromise<Item, Response> extends Promise<Page<Response>>, AsyncIterable<Item> {
  /** Resolves to the page together with the status, headers and attempts of its response. */
  withResponse(): Promise<WithResponse<Page<Response>>>;
  /**
   * Gets the page after this one. Rejects with a `RangeError` if there is none: see `hasNextPage`.
   */
  nextPage(): PagePromise<Item, Response>;
}

/**
 * Adds to the promise of a list response what leads to the other pages. `open` gets the page of a number.
 * @internal
 */
export function toPagePromise<Item extends { id: string }, Response extends ListResponse<Item>>(
  response: ResponsePromise<Response>,
  open: (pageNumber: number) => PagePromise<Item, Response>,
): PagePromise<Item, Response> {
  const promise = response.then(toPage);
  return Object.assign(promise, {
    withResponse: async () => {
      promise.catch(() => {});
      const { data, ...rest } = await response.withResponse();
      return { data: toPage(data), ...rest };
    },
    nextPage: () => {
      // In an object, because a promise of a promise is only one promise.
      const opened = promise.then(({ hasNextPage, pageNumber }) => {
        if (!hasNextPage) throw new RangeError(`Page ${pageNumber} is the last one`);
        return { next: open(pageNumber + 1) };
      });
      const next = opened.then(({ next }) => next);
      const withResponse = () => opened.then(({ next }) => next.withResponse());
      return toPagePromise(Object.assign(next, { withResponse }), open);
    },
    [Symbol.asyncIterator]: () => itemsFrom<Item, Response>(promise, open),
  });
}

function toPage<Response extends ListResponse<unknown>>(response: Response): Page<Response> {
  const { items, pageNumber, pageSize, totalItems } = response;
  return { ...response, hasNextPage: items.length > 0 && pageNumber * pageSize < totalItems };
}

/**
 * Yields the items of a page and of those that follow, each once. Where items come and go meanwhile, so that pages
 * shift, an item that was seen is skipped. A page without a new item is the last, so that a wrong `totalItems` does not
 * make the iteration endless.
 */
async function* itemsFrom<Item extends { id: string }, Response extends ListResponse<Item>>(
  first: Promise<Page<Response>>,
  open: (pageNumber: number) => Promise<Page<Response>>,
): AsyncGenerator<Item, void, undefined> {
  const seen = new Set<string>();
  for (let page = await first; ; page = await open(page.pageNumber + 1)) {
    const fresh = page.items.filter(({ id }) => !seen.has(id));
    for (const item of fresh) {
      seen.add(item.id);
      yield item;
    }
    if (fresh.length === 0 || !page.hasNextPage) return;
  }
}
