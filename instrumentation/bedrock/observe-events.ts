/** What is told about a stream of events while the app reads it. None of these may throw. */
export interface EventObserver {
  /** The app asked for more. */
  readonly reading: () => void;
  readonly event: (event: unknown) => void;
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
  readonly cancel: () => void;
}

type Step = (...args: unknown[]) => Promise<IteratorResult<unknown>>;

const watchNext =
  (next: Step, observer: EventObserver): Step =>
  (...args) => {
    observer.reading();
    return next(...args).then(
      (result) => {
        if (result.done) observer.end();
        else observer.event(result.value);
        return result;
      },
      (error: unknown) => {
        observer.fail(error);
        throw error;
      },
    );
  };

const watchEnd =
  (end: Step, observer: EventObserver): Step =>
  (...args) => {
    observer.cancel();
    return end(...args);
  };

/** Replaces the methods of an iterator on itself, so that it stays the object, and of the kind, that it is. */
const watchIterator = (iterator: object, observer: EventObserver): object => {
  const method = (name: string): Step | null => {
    const found: unknown = Reflect.get(iterator, name);
    return typeof found === "function" ? (...args) => Reflect.apply(found, iterator, args) : null;
  };
  const [next, end, fail] = [method("next"), method("return"), method("throw")];
  const hidden = (value: Step | null): PropertyDescriptor => ({ value, writable: true, configurable: true });
  if (next) Object.defineProperty(iterator, "next", hidden(watchNext(next, observer)));
  if (end) Object.defineProperty(iterator, "return", hidden(watchEnd(end, observer)));
  if (fail) Object.defineProperty(iterator, "throw", hidden(watchEnd(fail, observer)));
  return iterator;
};

/**
 * Tells `observer` what the app reads of `stream`, an async iterable, which stays the object it is. Nothing is read
 * that the app does not read. False, and nothing done, when it is no async iterable.
 */
export const observeEvents = (stream: object, observer: EventObserver): boolean => {
  const open: unknown = Reflect.get(stream, Symbol.asyncIterator);
  if (typeof open !== "function") return false;
  const own = Object.getOwnPropertyDescriptor(stream, Symbol.asyncIterator);
  // A proxy is called and printed like the function behind it.
  const value = new Proxy(open, {
    apply: (target, self, args) => {
      const iterator: unknown = Reflect.apply(target, self, args);
      return typeof iterator === "object" && iterator !== null ? watchIterator(iterator, observer) : iterator;
    },
  });
  const enumerable = own?.enumerable ?? false;
  return Reflect.defineProperty(stream, Symbol.asyncIterator, {
    value,
    writable: true,
    configurable: true,
    enumerable,
  });
};
