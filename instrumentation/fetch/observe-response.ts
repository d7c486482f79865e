import type { BodyObserver } from "./body-observer.ts";
import { define } from "./define.ts";
import { type PassThrough, passThrough } from "./pass-through.ts";

type WithBody = Response & { readonly body: ReadableStream<Uint8Array<ArrayBuffer>> };

/** Whether what a fetch function answered has the status and headers of a response; mocked ones need not. */
export const isResponse = (answer: unknown): answer is Response => {
  const { status, headers } = (answer ?? {}) as Partial<Response>;
  return typeof status === "number" && typeof headers?.get === "function";
};

/**
 * Whether a response has a body that can be observed. Custom fetch functions bring responses of their own: those of
 * the `undici` package are like Node's, those of `node-fetch` have Node streams for bodies and are left alone.
 */
export const canObserve = (response: Response): response is WithBody =>
  response.body instanceof ReadableStream &&
  !response.body.locked &&
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

/** Members that a constructed response cannot be given, and that its clones lose. */
const keepIdentity = (response: Response, { url, redirected, type }: Response): Response => {
  const { clone } = Object.getPrototypeOf(response) as Response;
  define(response, { url, redirected, type, clone: () => keepIdentity(clone.call(response), response) });
  return response;
};

type Ways = Readonly<Record<Way, () => Promise<unknown>>>;
type Way = "text" | "arrayBuffer" | "bytes" | "blob" | "formData";

/** The text or bytes of what a way to read a body gives; ways that are not named are not told as a whole. */
const PIECE: Readonly<Partial<Record<Way, (value: unknown) => Uint8Array | string>>> = {
  text: (value) => value as string,
  arrayBuffer: (value) => new Uint8Array(value as ArrayBuffer),
  bytes: (value) => value as Uint8Array,
};
const WAYS: readonly Way[] = ["text", "arrayBuffer", "bytes", "blob", "formData"];

/** How a response is observed. */
export interface ObserveSettings {
  /** True for a body that is no stream of messages: Node reads it for `json()` and the like, and it is told at once. */
  readonly whole: boolean;
  /** Kept from being collected while the app can still read. */
  readonly life: object;
  /** Runs a function of ours so that nothing it throws reaches the app. */
  readonly guard: (work: () => void) => void;
}

/**
 * Tells `observer` what the app reads of a response, in whatever way, and reads nothing by itself. The response stays
 * the object it was; its ways to be read are replaced. As soon as the app asks for the body itself, or for a clone, a
 * second response takes over, whose body is a stream of ours; where that fails, the app reads its own.
 *
 * Needs a response that `canObserve` accepts.
 */
export const observeResponse = (
  response: WithBody,
  observer: BodyObserver,
  { whole, life, guard }: ObserveSettings,
): void => {
  const native = Object.getPrototypeOf(response) as Response;
  const nativeBody = response.body;
  // Other classes may well read their own `body`, which is ours by then.
  const wholly = whole && native === Response.prototype;
  let taken: { readonly response: Response; readonly through: PassThrough } | null = null;
  const isUsed = (): boolean => Reflect.get(native, "bodyUsed", response) === true || nativeBody.locked;
  const takeOver = (): typeof taken => {
    if (taken === null) {
      guard(() => {
        const through = passThrough(nativeBody, observer, [response, life]);
        taken = { response: keepIdentity(likewise(response, through.stream), response), through };
      });
    }
    return taken;
  };
  /** The response to read from; null for the app's own, where that has been read and knows the right error. */
  const reader = (): Response | null =>
    taken?.through.iterated() || (taken === null && isUsed()) ? null : (takeOver()?.response ?? null);

  const told = async (read: Promise<unknown>, pieceOf: (value: unknown) => Uint8Array | string): Promise<unknown> => {
    observer.reading();
    try {
      const value = await read;
      guard(() => observer.chunk(pieceOf(value)));
      observer.end();
      return value;
    } catch (error) {
      observer.fail(error);
      throw error;
    }
  };
  const readBy = (way: Way) => (): Promise<unknown> => {
    const pieceOf = PIECE[way];
    if (pieceOf && wholly && taken === null && !isUsed()) return told((native as Ways)[way].call(response), pieceOf);
    const from = reader();
    return from === null ? (native as Ways)[way].call(response) : from[way]();
  };
  const ways = WAYS.filter((way) => typeof native[way] === "function");
  const text = readBy("text");
  define(response, {
    ...Object.fromEntries(ways.map((way) => [way, readBy(way)])),
    json: async () => JSON.parse((await text()) as string),
    clone: () => (reader() ?? native).clone.call(reader() ?? response),
  });
  Object.defineProperties(response, {
    body: {
      get: () => (taken === null && isUsed() ? nativeBody : (takeOver()?.through.stream ?? nativeBody)),
      configurable: true,
    },
    bodyUsed: { get: () => isUsed() || taken?.response.bodyUsed === true, configurable: true },
  });
};
