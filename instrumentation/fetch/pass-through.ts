import type { ReadableStreamReadResult } from "node:stream/web";
import type { BodyObserver } from "./body-observer.ts";
import { define } from "./define.ts";

type Source = ReadableStream<Uint8Array<ArrayBuffer>>;
type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
type Result = ReadableStreamReadResult<Uint8Array>;
type SourceResult = ReadableStreamReadResult<Uint8Array<ArrayBuffer>>;

/** A stream in place of another. */
export interface PassThrough {
  readonly stream: ReadableStream<Uint8Array>;
  /** True once the app has begun to iterate over the stream, which reads the source directly. */
  readonly iterated: () => boolean;
}

/**
 * The source's own iterator, watched: a queue of ours in between costs more than everything else done for a call. The
 * app gets the very promises that Node made, after us.
 */
const iterate = (source: Source, observer: BodyObserver, finish: (error?: unknown) => void) => {
  const iterator = source.values() as AsyncIterator<Uint8Array>;
  const { next, return: stop } = iterator as {
    next: () => Promise<Result>;
    return: (value: unknown) => Promise<Result>;
  };
  const came = ({ done, value }: Result): void => {
    if (!done) {
      observer.chunk(value);
      return;
    }
    observer.end();
    finish();
  };
  const failed = (error: unknown): void => {
    observer.fail(error);
    finish(error);
  };
  define(iterator, {
    next: () => {
      observer.reading();
      const step = next.call(iterator);
      step.then(came, failed);
      return step;
    },
    return: (value: unknown) => {
      observer.cancel();
      const stopped = stop.call(iterator, value);
      finish();
      return stopped;
    },
  });
  return iterator;
};

/**
 * A byte stream that reads `source`, a response's body, when and only when the app reads it, and tells `observer`. It
 * keeps `held` from being collected while it can be read: Node cancels the body of a response that was garbage
 * collected before it was read.
 */
export const passThrough = (source: Source, observer: BodyObserver, held: unknown): PassThrough => {
  let controller: ReadableByteStreamController;
  let reader: Reader | undefined;
  let iterated = false;
  // Without async functions, which take a sixth more for every piece.
  const came = (result: SourceResult): Promise<void> | undefined => {
    if (result.done) {
      observer.end();
      controller.close();
      // A pending "bring your own buffer" read stays pending after close() until it is answered.
      controller.byobRequest?.respond(0);
      return undefined;
    }
    // A byte stream refuses empty chunks.
    if (result.value.byteLength === 0) return read();
    observer.chunk(result.value);
    controller.enqueue(result.value);
    return undefined;
  };
  const failed = (error: unknown): never => {
    observer.fail(error);
    throw error;
  };
  const read = (): Promise<void> => {
    // Not before the first read: while the body is unlocked Node frees the connection of an abandoned response.
    reader ??= source.getReader();
    return reader.read().then(came, failed);
  };
  const stream = new ReadableStream({
    type: "bytes",
    start: (given) => {
      controller = given;
    },
    pull() {
      void held;
      observer.reading();
      try {
        return read();
      } catch (error) {
        return failed(error);
      }
    },
    cancel(reason) {
      observer.cancel();
      return reader ? reader.cancel(reason) : source.cancel(reason);
    },
  });
  const { values } = stream;
  const iterator = (options?: { preventCancel?: boolean }) => {
    // Anything unusual goes the ordinary way, through the queue.
    if (stream.locked || reader !== undefined || source.locked || options?.preventCancel)
      return values.call(stream, options);
    iterated = true;
    const lock = stream.getReader();
    lock.closed.catch(() => {});
    let finished = false;
    const finish = (error?: unknown): void => {
      if (finished) return;
      finished = true;
      if (error === undefined) controller.close();
      else controller.error(error);
      lock.releaseLock();
    };
    return iterate(source, observer, finish);
  };
  define(stream, { values: iterator, [Symbol.asyncIterator]: iterator });
  return { stream, iterated: () => iterated };
};
