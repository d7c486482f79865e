import { tellOwnError } from "../shield.ts";
import { CollectedBytes } from "./collected-bytes.ts";
import { define } from "./define.ts";

type Read = Promise<IteratorResult<unknown>>;

const guarded = (work: () => void): void => {
  try {
    work();
  } catch (error) {
    tellOwnError(error);
  }
};

type Done = (bytes: Uint8Array) => void;

const watchIterator = (iterator: AsyncIterator<unknown>, done: Done): void => {
  const collected = new CollectedBytes();
  const end = (): void => done(collected.bytes() ?? new Uint8Array());
  const take = (value: unknown): void => {
    if (value instanceof Uint8Array) collected.take(value);
  };
  const { next } = iterator;
  define(iterator, {
    next: (...given: [] | [unknown]): Read => {
      const read: Read = next.apply(iterator, given as []);
      read.then(
        (result) => guarded(() => (result.done ? end() : take(result.value))),
        () => guarded(end),
      );
      return read;
    },
  });
};

const watchStream = (stream: ReadableStream, done: Done): void => {
  const { tee, [Symbol.asyncIterator]: iterate } = stream;
  define(stream, {
    [Symbol.asyncIterator]: (...given: Parameters<typeof iterate>) => {
      const iterator = iterate.apply(stream, given);
      guarded(() => watchIterator(iterator, done));
      return iterator;
    },
    // Node keeps one half for a redirect, and sends the other.
    tee: () => {
      const halves = tee.call(stream);
      guarded(() => {
        for (const half of halves) watchStream(half, done);
      });
      return halves;
    },
  });
};

/**
 * What Node reads of `stream`, the app's, when it sends it as a request's body: a promise of all of it, none of one that is too long.
 * Nothing is read that Node does not read, and the stream stays the object it is. The promise stays open for a stream
 * that nobody iterates over.
 */
export const watchedBytes = (stream: ReadableStream): Promise<Uint8Array> =>
  new Promise((resolve) => watchStream(stream, resolve));
