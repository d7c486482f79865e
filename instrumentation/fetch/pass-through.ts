import type { BodyObserver } from "./observe-body.ts";

/**
 * A byte stream that reads from `reader` when, and only when, it is read itself, and tells `observer` about it. It
 * holds what it needs of the source: nothing else has to be kept.
 */
export const passThrough = (
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  observer: BodyObserver,
): ReadableStream => {
  const next = async () => {
    for (;;) {
      const result = await reader.read();
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
      return reader.cancel(reason);
    },
  });
};
