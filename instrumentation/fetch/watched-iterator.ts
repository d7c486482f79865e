import type { BodyObserver } from "./body-observer.ts";
import { define } from "./define.ts";

type Result = IteratorResult<Uint8Array, undefined>;

/** A stream's own iterator, whose members a watch replaces. */
interface Iterator extends AsyncIterator<Uint8Array, undefined> {
  next(): Promise<Result>;
  return(value: unknown): Promise<Result>;
}

/** Watches one iteration. Its methods are bound where they are handed out: their compiled code outlives the stream. */
class IteratorWatch {
  readonly #iterator: Iterator;
  readonly #next: Iterator["next"];
  readonly #return: Iterator["return"];
  readonly #observer: BodyObserver;
  readonly #finish: (error?: unknown) => void;
  readonly #came: (result: Result) => void;
  readonly #failed: (error: unknown) => void;

  constructor(iterator: Iterator, observer: BodyObserver, finish: (error?: unknown) => void) {
    this.#iterator = iterator;
    this.#next = iterator.next;
    this.#return = iterator.return;
    this.#observer = observer;
    this.#finish = finish;
    this.#came = this.came.bind(this);
    this.#failed = this.failed.bind(this);
  }

  next(): Promise<Result> {
    this.#observer.reading();
    const step = this.#next.call(this.#iterator);
    step.then(this.#came, this.#failed);
    return step;
  }

  stop(value: unknown): Promise<Result> {
    this.#observer.cancel();
    const stopped = this.#return.call(this.#iterator, value);
    this.#finish();
    return stopped;
  }

  came(result: Result): void {
    if (!result.done) {
      this.#observer.chunk(result.value);
      return;
    }
    this.#observer.end();
    this.#finish();
  }

  failed(error: unknown): void {
    this.#observer.fail(error);
    this.#finish(error);
  }
}

/**
 * The source's own iterator, watched: a queue of ours in between costs more than everything else done for a call. The
 * app gets the very promises that Node made, after us. `finish` is called once it has been read, or failed.
 */
export const watchedIterator = (
  source: ReadableStream<Uint8Array>,
  observer: BodyObserver,
  finish: (error?: unknown) => void,
): AsyncIterator<Uint8Array> => {
  const iterator = source.values() as unknown as Iterator;
  const watch = new IteratorWatch(iterator, observer, finish);
  define(iterator, { next: watch.next.bind(watch), return: watch.stop.bind(watch) });
  return iterator;
};
