import type { ResponsePromise, WithResponse } from "./options.js";

/** Fields of every list response. */
interface ListResponse<Item> {
  items: Item[];
  totalItems: number;
  pageNumber: number;
  pageSize: number;
}

/**
 * One page of a list. Plain data, so that it survives JSON, `structuredClone`, messages, caches and props. Get the next
 * page with `list({ ...params, pageNumber: page.pageNumber + 1 })`.
 */
export type Page<Response> = Response & {
  /** Whether more items followed when the server created this page. */
  hasNextPage: boolean;
};

/** Promise of a page, and async iterable over the items of this and all following pages. */
export interface PagePromise<Item, Response> extends Promise<Page<Response>>, AsyncIterable<Item> {
  /** Resolves to the page together with the status, headers and attempts of its response. */
  withResponse(): Promise<WithResponse<Page<Response>>>;
  /** Gets the next page. Rejects with a `RangeError` on the last page: check `hasNextPage` first. */
  nextPage(): PagePromise<Item, Response>;
}

/**
 * Adds pagination to the promise of a list response. `getPage` gets a page by its number.
 * @internal
 */
export function toPagePromise<Item extends { id: string }, Response extends ListResponse<Item>>(
  response: ResponsePromise<Response>,
  getPage: (pageNumber: number) => PagePromise<Item, Response>,
): PagePromise<Item, Response> {
  const promise = response.then(toPage);
  return Object.assign(promise, {
    withResponse: async () => {
      promise.catch(() => {});
      const { data, ...rest } = await response.withResponse();
      return { data: toPage(data), ...rest };
    },
    nextPage: () => {
      // Wrapped in an object, because `then` would unwrap the page's promise.
      const wrapped = promise.then(({ hasNextPage, pageNumber }) => {
        if (!hasNextPage) throw new RangeError(`Page ${pageNumber} is the last one`);
        return { next: getPage(pageNumber + 1) };
      });
      const next = wrapped.then(({ next }) => next);
      const withResponse = () => wrapped.then(({ next }) => next.withResponse());
      return toPagePromise(Object.assign(next, { withResponse }), getPage);
    },
    [Symbol.asyncIterator]: () => itemsFrom<Item, Response>(promise, getPage),
  });
}

function toPage<Response extends ListResponse<unknown>>(response: Response): Page<Response> {
  const { items, pageNumber, pageSize, totalItems } = response;
  return { ...response, hasNextPage: items.length > 0 && pageNumber * pageSize < totalItems };
}

/**
 * Yields the items of a page and of all following pages. Skips duplicates, which occur if items are added or deleted during
 * the iteration. Stops at a page without new items, so that a wrong `totalItems` cannot cause an endless loop.
 */
async function* itemsFrom<Item extends { id: string }, Response extends ListResponse<Item>>(
  first: Promise<Page<Response>>,
  getPage: (pageNumber: number) => Promise<Page<Response>>,
): AsyncGenerator<Item, void, undefined> {
  const seen = new Set<string>();
  for (let page = await first; ; page = await getPage(page.pageNumber + 1)) {
    const fresh = page.items.filter(({ id }) => !seen.has(id));
    for (const item of fresh) {
      seen.add(item.id);
      yield item;
    }
    if (fresh.length === 0 || !page.hasNextPage) return;
  }
}
