// Stores a batch in a file. Each write appends a line; a line that a crash has cut off is ignored.
import { type FileHandle, open } from "node:fs/promises";
import type { BatchEntry, BatchStore } from "../batch/store.js";

/** The lines with the last values of a batch, by index + 1, in bytes. Two arrays of numbers are the smallest for many rows. */
interface Places {
  offsets: number[];
  lengths: number[];
}

interface Line {
  batch: string;
  entries: BatchEntry[];
}

const NEWLINE = 10;
const CHUNK = 65_536;

/** A store in a file. Keeps 16 bytes per row in memory. */
export class FileStore implements BatchStore {
  readonly #file: FileHandle;
  readonly #places = new Map<string, Places>();
  /** Length of the complete lines, in bytes. */
  #end = 0;
  /** The last write: each appends at the end of the one before. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens or creates the file. @throws `Error` The file cannot be opened, or is not the file of a store. */
  static async open(path: string): Promise<FileStore> {
    const store = new FileStore(await open(path, "a+"));
    await store.#load(path);
    return store;
  }

  async read(batch: string, from: number, to: number): Promise<BatchEntry[]> {
    const { offsets, lengths } = this.#placesOf(batch);
    const found: BatchEntry[] = [];
    for (let index = from; index < Math.min(to, offsets.length - 1); index++) {
      const [offset, length] = [offsets[index + 1], lengths[index + 1]];
      if (offset === undefined || length === undefined) continue;
      const { buffer } = await this.#file.read(Buffer.alloc(length), 0, length, offset);
      const { entries }: Line = JSON.parse(buffer.toString());
      found.push(...entries.filter((entry) => entry.index === index));
    }
    return found;
  }

  write(batch: string, entries: BatchEntry[]): Promise<void> {
    const line: Line = { batch, entries };
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    const write = async () => {
      try {
        await this.#file.appendFile(bytes);
        await this.#file.datasync();
      } catch (error) {
        // The next line must not continue a part of this one.
        await this.#file.truncate(this.#end);
        throw error;
      }
      this.#add(line, bytes.length);
    };
    const writing = this.#writing.then(write);
    this.#writing = writing.catch(() => {});
    return writing;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  /** Records the line at the end. */
  #add({ batch, entries }: Line, length: number): void {
    const places = this.#placesOf(batch);
    for (const { index } of entries) {
      places.offsets[index + 1] = this.#end;
      places.lengths[index + 1] = length;
    }
    this.#end += length;
  }

  #placesOf(batch: string): Places {
    const places = this.#places.get(batch) ?? { offsets: [], lengths: [] };
    this.#places.set(batch, places);
    return places;
  }

  async #load(path: string): Promise<void> {
    let rest = Buffer.alloc(0);
    for (;;) {
      const { buffer, bytesRead } = await this.#file.read(
        Buffer.alloc(CHUNK),
        0,
        CHUNK,
        this.#end + rest.length,
      );
      if (bytesRead === 0) break;
      rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
        const line = rest.subarray(0, end + 1);
        this.#add(parse(line, path), line.length);
        rest = rest.subarray(line.length);
      }
    }
    // The next line must not continue one that was cut off.
    if (rest.length > 0) await this.#file.truncate(this.#end);
  }
}

function parse(bytes: Buffer, path: string): Line {
  try {
    const line = JSON.parse(bytes.toString());
    if (typeof line?.batch === "string" && Array.isArray(line.entries)) return line;
  } catch {
    // Rejected below.
  }
  throw new Error(`${path} is not the state of a batch, or is damaged. Rename it to start a new one.`);
}
