/** What is told about a body while the app reads it. None of these may throw. */
export interface BodyObserver {
  /** The app asked for more: from here on it is the provider that is slow, not the app. */
  readonly reading: () => void;
  readonly chunk: (bytes: Uint8Array) => void;
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
  readonly cancel: () => void;
}

/**
 * A byte stream that reads `native`'s body when, and only when, the app reads. The response itself is held, not only
 * its body: Node cancels the body of a response that was garbage collected before it was read.
 */
const passThrough = (native: Response, observer: BodyObserver): ReadableStream => {
  let reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
  const open = (): ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> => {
    if (native.body === null) throw new TypeError("the response has no body");
    // Not before the first read: while the body is unlocked Node frees the connection of an abandoned response.
    reader ??= native.body.getReader();
    return reader;
  };
  const next = async () => {
    for (;;) {
      const result = await open().read();
      // A byte stream refuses empty chunks.
      if (result.done || result.value.byteLength > 0) return result;
    }
  };
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      observer.reading();
      let result: Awaited<ReturnType<typeof next>>;
      try {
        result = await next();
      } catch (error) {
        observer.fail(error);
        throw error;
      }
      if (result.done) {
        observer.end();
        controller.close();
        // A pending "bring your own buffer" read stays pending after close() until it is answered.
        controller.byobRequest?.respond(0);
        return;
      }
      observer.chunk(result.value);
      controller.enqueue(result.value);
    },
    cancel(reason) {
      observer.cancel();
      return reader ? reader.cancel(reason) : native.body?.cancel(reason);
    },
  });
};

/** Whether what a fetch function answered has the status and headers of a response; mocked ones need not. */
export const isResponse = (answer: unknown): answer is Response => {
  const { status, headers } = (answer ?? {}) as Partial<Response>;
  return typeof status === "number" && typeof headers?.get === "function";
};

/**
 * Whether a response has a body that can be observed. Custom fetch functions bring responses of their own: those of
 * the `undici` package are like Node's, those of `node-fetch` have Node streams for bodies and are left alone.
 */
export const canObserve = (response: Response): boolean =>
  typeof response.body?.getReader === "function" &&
  (response instanceof Response || (response as Response).constructor.name === "Response");

/** A response of the class of `native`, which in a custom fetch need not be Node's, with another body. */
const likewise = (native: Response, body: ReadableStream): Response => {
  const { status, statusText, headers } = native;
  if (!(native instanceof Response)) {
    const ForeignResponse = (native as Response).constructor as typeof Response;
    return new ForeignResponse(body, { status, statusText, headers });
  }
  const response = new Response(body, { status, statusText, headers });
  const prototype = Object.getPrototypeOf(native);
  // Mocking libraries hand out subclasses.
  return prototype === Response.prototype ? response : Object.setPrototypeOf(response, prototype);
};

/** Members that a constructed Response cannot be given, and that its clones lose. */
const keepIdentity = (response: Response, native: Response): Response => {
  const same = <T>(value: T): PropertyDescriptor => ({ value, configurable: true });
  const { clone } = Object.getPrototypeOf(response) as Response;
  return Object.defineProperties(response, {
    url: same(native.url),
    redirected: same(native.redirected),
    type: same(native.type),
    clone: { value: () => keepIdentity(clone.call(response), native), configurable: true },
  });
};

/**
 * A response that is used like `native`, and whose body tells `observer` what the app reads of it: through `json()`,
 * `text()`, `body`, a clone, or any other way. Needs a response that `canObserve` accepts. `watch` is given the new body, to
 * learn when the app dropped it.
 */
export const observeBody = (
  native: Response,
  observer: BodyObserver,
  watch: (body: ReadableStream) => void,
): Response => {
  const body = passThrough(native, observer);
  const response = keepIdentity(likewise(native, body), native);
  watch(body);
  return response;
};
