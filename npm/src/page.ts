import type { ResponsePromise, WithResponse } from "./options.js";

/** What every page of a list has. */
interface Listed<Item> {
  items: Item[];
  totalItems: number;
  pageNumber: number;
  pageSize: number;
}

/** A page that knows the next one. Iterating over it goes on with the items of all pages that follow. */
export interface Paging<Item, Answer> extends AsyncIterable<Item> {
  /** Whether there were more items when this page was made. */
  readonly hasNextPage: boolean;
  /**
   * The next page.
   * @throws `RangeError` There is none.
   */
  nextPage(): PagePromise<Item, Answer>;
}

/** The promise of a page, which is also an iterable over the items of this page and of all that follow. */
export interface PagePromise<Item, Answer>
  extends Promise<Answer & Paging<Item, Answer>>,
    AsyncIterable<Item> {
  /** The page together with what is known of the way it came. */
  withResponse(): Promise<WithResponse<Answer & Paging<Item, Answer>>>;
}

/**
 * Adds to the promise of a page what leads to the others. `open` gets the page of a number.
 * @internal
 */
export function paged<Item extends { id: string }, Answer extends Listed<Item>>(
  answer: ResponsePromise<Answer>,
  open: (pageNumber: number) => PagePromise<Item, Answer>,
): PagePromise<Item, Answer> {
  type Page = Answer & Paging<Item, Answer>;
  const dress = (page: Answer): Page => {
    const hasNextPage = page.items.length > 0 && page.pageNumber * page.pageSize < page.totalItems;
    const nextPage = () => {
      if (!hasNextPage) throw new RangeError(`Page ${page.pageNumber} is the last one`);
      return open(page.pageNumber + 1);
    };
    const hidden = { hasNextPage, nextPage, [Symbol.asyncIterator]: () => itemsFrom(page as Page) };
    for (const key of Reflect.ownKeys(hidden)) {
      Object.defineProperty(page, key, { value: Reflect.get(hidden, key), configurable: true });
    }
    return page as Page;
  };
  const promise = answer.then(dress);
  return Object.assign(promise, {
    withResponse: async () => {
      promise.catch(() => {});
      const { data, ...way } = await answer.withResponse();
      return { data: dress(data), ...way };
    },
    [Symbol.asyncIterator]: async function* () {
      yield* itemsFrom(await promise);
    },
  });
}

/**
 * The items of a page and of those that follow, each once. Where pages shift because items come and go meanwhile, an
 * item that was seen is passed over; a page that brings nothing new is the last, so that a server that forgets to count
 * does not keep anybody for ever.
 */
async function* itemsFrom<Item extends { id: string }, Answer extends Listed<Item>>(
  first: Answer & Paging<Item, Answer>,
): AsyncGenerator<Item, void, undefined> {
  const seen = new Set<string>();
  for (let page = first; ; page = await page.nextPage()) {
    const fresh = page.items.filter(({ id }) => !seen.has(id));
    for (const item of fresh) {
      seen.add(item.id);
      yield item;
    }
    if (fresh.length === 0 || !page.hasNextPage) return;
  }
}
