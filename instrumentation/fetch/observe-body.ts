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

/** Members that a constructed Response cannot be given, and that its clones lose. */
const keepIdentity = (response: Response, native: Response): Response => {
  const same = <T>(value: T): PropertyDescriptor => ({ value, configurable: true });
  return Object.defineProperties(response, {
    url: same(native.url),
    redirected: same(native.redirected),
    type: same(native.type),
    clone: { value: () => keepIdentity(Response.prototype.clone.call(response), native), configurable: true },
  });
};

/**
 * A response that is used like `native`, and whose body tells `observer` what the app reads of it: through `json()`,
 * `text()`, `body`, a clone, or any other way. Needs a native response with a body. `watch` is given the new body, to
 * learn when the app dropped it.
 */
export const observeBody = (
  native: Response,
  observer: BodyObserver,
  watch: (body: ReadableStream) => void,
): Response => {
  const body = passThrough(native, observer);
  const { status, statusText, headers } = native;
  const response = keepIdentity(new Response(body, { status, statusText, headers }), native);
  watch(body);
  return response;
};
