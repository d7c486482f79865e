import type { ReadableStreamReadResult } from "node:stream/web";
import type { BodyObserver } from "./body-observer.ts";
import { define } from "./define.ts";
import { watchedIterator } from "./watched-iterator.ts";

type Source = ReadableStream<Uint8Array<ArrayBuffer>>;
type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
type Result = ReadableStreamReadResult<Uint8Array<ArrayBuffer>>;

/** A stream in place of another. */
export interface PassThrough {
  readonly stream: ReadableStream<Uint8Array>;
  /** True once the app has begun to iterate over the stream, which reads the source directly. */
  readonly iterated: () => boolean;
}

/** Reads `source` when and only when the app reads the byte stream that this is the underlying source of. */
class WatchedSource {
  readonly type = "bytes" as const;
  readonly #source: Source;
  readonly #observer: BodyObserver;
  readonly #held: unknown;
  readonly #came: (result: Result) => Promise<void> | undefined;
  readonly #failed: (error: unknown) => never;
  #controller: ReadableByteStreamController | null = null;
  #reader: Reader | null = null;

  constructor(source: Source, observer: BodyObserver, held: unknown) {
    this.#source = source;
    this.#observer = observer;
    this.#held = held;
    this.#came = this.came.bind(this);
    this.#failed = this.failed.bind(this);
  }

  start(controller: ReadableByteStreamController): void {
    this.#controller = controller;
  }

  pull(): Promise<void> {
    void this.#held;
    this.#observer.reading();
    try {
      return this.#read();
    } catch (error) {
      return this.failed(error);
    }
  }

  cancel(reason: unknown): Promise<void> {
    this.#observer.cancel();
    return (this.#reader ?? this.#source).cancel(reason);
  }

  isRead(): boolean {
    return this.#reader !== null;
  }

  /** Ends the stream without having been read. */
  finish(error?: unknown): void {
    if (error === undefined) this.#controller?.close();
    else this.#controller?.error(error);
  }

  // Without async functions, which take a sixth more for every piece.
  came(result: Result): Promise<void> | undefined {
    if (result.done) {
      this.#observer.end();
      this.#controller?.close();
      // A pending "bring your own buffer" read stays pending after close() until it is answered.
      this.#controller?.byobRequest?.respond(0);
      return undefined;
    }
    // A byte stream refuses empty chunks.
    if (result.value.byteLength === 0) return this.#read();
    this.#observer.chunk(result.value);
    this.#controller?.enqueue(result.value);
    return undefined;
  }

  failed(error: unknown): never {
    this.#observer.fail(error);
    throw error;
  }

  #read(): Promise<void> {
    // Not before the first read: while the body is unlocked Node frees the connection of an abandoned response.
    this.#reader ??= this.#source.getReader();
    return this.#reader.read().then(this.#came, this.#failed);
  }
}

/**
 * A byte stream that reads `source`, a response's body, when and only when the app reads it, and tells `observer`. It
 * keeps `held` from being collected while it can be read: Node cancels the body of a response that was garbage
 * collected before it was read.
 */
export const passThrough = (source: Source, observer: BodyObserver, held: unknown): PassThrough => {
  const watched = new WatchedSource(source, observer, held);
  const stream: ReadableStream<Uint8Array> = new ReadableStream(watched);
  let iterated = false;
  const { values } = stream;
  const iterator = (options?: { preventCancel?: boolean }) => {
    // Anything unusual goes the ordinary way, through the queue.
    if (stream.locked || watched.isRead() || source.locked || options?.preventCancel)
      return values.call(stream, options);
    iterated = true;
    const lock = stream.getReader();
    lock.closed.catch(() => {});
    let finished = false;
    return watchedIterator(source, observer, (error) => {
      if (finished) return;
      finished = true;
      watched.finish(error);
      lock.releaseLock();
    });
  };
  define(stream, { values: iterator, [Symbol.asyncIterator]: iterator });
  return { stream, iterated: () => iterated };
};
