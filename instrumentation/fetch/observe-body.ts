import type { ReadableStreamReadResult } from "node:stream/web";
import { passThrough } from "./pass-through.ts";

/** What is told about a body while the app reads it. None of these may throw. */
export interface BodyObserver {
  /** The app asked for more: from here on it is the provider that is slow, not the app. */
  readonly reading: () => void;
  /** Bytes that the app is about to get; they are the app's, and may be gone after the call. */
  readonly chunk: (bytes: Uint8Array) => void;
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
  readonly cancel: () => void;
}

type Result = ReadableStreamReadResult<Uint8Array>;
type Reader = ReadableStreamDefaultReader<Uint8Array> | ReadableStreamBYOBReader;
type Body = ReadableStream<Uint8Array>;

/** Whether what a fetch function answered has the status and headers of a response; mocked ones need not. */
export const isResponse = (answer: unknown): answer is Response => {
  const { status, headers } = (answer ?? {}) as Partial<Response>;
  return typeof status === "number" && typeof headers?.get === "function";
};

/** The body of a response, where it is one that can be observed: `node-fetch` has Node streams instead. */
export const observableBody = ({ body }: Response): Body | null => (body instanceof ReadableStream ? body : null);

const define = (target: object, members: Readonly<Record<PropertyKey, unknown>>): void => {
  for (const name of Reflect.ownKeys(members)) {
    Object.defineProperty(target, name, { value: members[name as string], writable: true, configurable: true });
  }
};

/** Watches one read; the app gets the very promise that Node made, after us. */
const watch = (read: Promise<Result>, observer: BodyObserver): Promise<Result> => {
  read.then(({ done, value }) => {
    // A "bring your own buffer" read ends with an empty view.
    if (done) observer.end();
    else if (value.byteLength > 0) observer.chunk(value);
  }, observer.fail);
  return read;
};

const observeReader = <R extends Reader>(reader: R, observer: BodyObserver): R => {
  const { read, cancel } = reader as { read: (...view: unknown[]) => Promise<Result>; cancel: Reader["cancel"] };
  define(reader, {
    read: (...view: unknown[]) => {
      observer.reading();
      return watch(read.apply(reader, view), observer);
    },
    cancel: (...reason: unknown[]) => {
      observer.cancel();
      return cancel.apply(reader, reason as [unknown]);
    },
  });
  return reader;
};

const observeIterator = (iterator: AsyncIterator<Uint8Array>, observer: BodyObserver, cancels: boolean) => {
  const { next, return: stop } = iterator as {
    next: () => Promise<Result>;
    return?: (value: unknown) => Promise<Result>;
  };
  define(iterator, {
    next: () => {
      observer.reading();
      return watch(next.call(iterator), observer);
    },
    return: (value: unknown) => {
      if (cancels) observer.cancel();
      return stop?.call(iterator, value);
    },
  });
  return iterator;
};

/**
 * Tells `observer` what the app reads of a body, in whatever way, and reads nothing by itself. The body stays the
 * object it was: only its own ways to be read are replaced, which all of Node uses as well (`json()`, `text()`,
 * `clone()`, `Readable.fromWeb`, …). Piping and teeing reach into the stream past them and get one in between.
 */
export const observeBody = (body: Body, observer: BodyObserver): void => {
  const { getReader, values, cancel, pipeTo, locked } = body as unknown as {
    getReader: (options?: object) => Reader;
    values: (options?: { preventCancel?: boolean }) => AsyncIterator<Uint8Array>;
    cancel: (reason?: unknown) => Promise<void>;
    pipeTo: Body["pipeTo"];
    locked: boolean;
  };
  if (locked) return;
  const readAll = (options?: { preventCancel?: boolean }) =>
    observeIterator(values.call(body, options), observer, options?.preventCancel !== true);
  const lock = () => getReader.call(body) as ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  const between = (): ReadableStream => passThrough(lock(), observer);
  define(body, {
    getReader: (options?: object) => observeReader(getReader.call(body, options), observer),
    values: readAll,
    [Symbol.asyncIterator]: readAll,
    cancel: (reason?: unknown) => {
      // A locked stream refuses, and goes on.
      if (!body.locked) observer.cancel();
      return cancel.call(body, reason);
    },
    tee: () => between().tee(),
    pipeTo: (...to: Parameters<Body["pipeTo"]>) => {
      if (body.locked) return pipeTo.apply(body, to);
      const reader = lock();
      const piped = passThrough(reader, observer).pipeTo(...to);
      const unlock = (): void => reader.releaseLock();
      piped.then(unlock, unlock);
      return piped;
    },
    pipeThrough: (...through: Parameters<Body["pipeThrough"]>) => between().pipeThrough(...through),
  });
};
