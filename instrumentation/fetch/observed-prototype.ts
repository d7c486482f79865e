import type { FailOpen } from "../fail-open.ts";
import type { BodyObserver } from "./body-observer.ts";
import { define } from "./define.ts";
import { type PassThrough, passThrough } from "./pass-through.ts";

/** A response of the class of `given`, which in a custom fetch need not be Node's, with another body. */
const likewise = (given: Response, prototype: Response, body: ReadableStream): Response => {
  const { status, statusText, headers } = given;
  if (!(given instanceof Response)) {
    const ForeignResponse = (given as Response).constructor as typeof Response;
    return new ForeignResponse(body, { status, statusText, headers });
  }
  const response = new Response(body, { status, statusText, headers });
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

type Piece = Uint8Array | string;

/** The text or bytes of what a way to read a body gives; ways that are not named are not told as a whole. */
const PIECE: Readonly<Partial<Record<Way, (value: unknown) => Piece>>> = {
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
  readonly guard: FailOpen["guard"];
}

/** What an observed response knows of itself. */
export interface Observation extends ObserveSettings {
  readonly observer: BodyObserver;
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** What stands in for it once the app has asked for the body itself, or for a clone. */
  taken: { readonly response: Response; readonly through: PassThrough } | null;
}

/** Where an observed response keeps it. */
export const OBSERVATION: unique symbol = Symbol("leeway.observation");

const observationOf = (response: Response | undefined): Observation | undefined =>
  (response as { readonly [OBSERVATION]?: Observation } | undefined)?.[OBSERVATION];

const tell = (observer: BodyObserver, pieceOf: (value: unknown) => Piece, value: unknown): void =>
  observer.chunk(pieceOf(value));

/** Tells what a promise gives, and passes it on. */
const told = <T>(
  { observer, guard }: Observation,
  read: Promise<unknown>,
  pieceOf: (value: unknown) => Piece,
  result: (value: unknown) => T,
): Promise<T> => {
  observer.reading();
  return read.then(
    (value) => {
      guard(tell, observer, pieceOf, value);
      observer.end();
      return result(value);
    },
    (error: unknown) => {
      observer.fail(error);
      throw error;
    },
  );
};

const same = (value: unknown): unknown => value;
const parsed = (value: unknown): unknown => JSON.parse(value as string);

/**
 * The prototype of observed responses whose own was `native`: it differs in the ways to read a body. One prototype for
 * all costs a fraction of members for each. Called on anything else, its members do what those of `native` do.
 */
export const createObservedPrototype = (native: Response): Response => {
  // Other classes may well read their own `body`, which is ours by then.
  const isNodes = native === Response.prototype;
  const isUsed = (response: Response, { body }: Observation): boolean =>
    Reflect.get(native, "bodyUsed", response) === true || body.locked;
  const takeOver = (response: Response, seen: Observation): Observation["taken"] => {
    if (seen.taken === null) {
      seen.guard(() => {
        const through = passThrough(seen.body, seen.observer, [response, seen.life]);
        seen.taken = { response: keepIdentity(likewise(response, native, through.stream), response), through };
      });
    }
    return seen.taken;
  };
  /** The response to read from; null for the app's own, where that has been read and knows the right error. */
  const reader = (response: Response, seen: Observation): Response | null =>
    seen.taken?.through.iterated() || (seen.taken === null && isUsed(response, seen))
      ? null
      : (takeOver(response, seen)?.response ?? null);
  const isWhole = (response: Response, seen: Observation): boolean =>
    isNodes && seen.whole && seen.taken === null && !isUsed(response, seen);

  const read = (response: Response, way: Way): Promise<unknown> => {
    const natively = (native as Ways)[way];
    const seen = observationOf(response);
    if (seen === undefined) return natively.call(response);
    const pieceOf = PIECE[way];
    if (pieceOf && isWhole(response, seen)) return told(seen, natively.call(response), pieceOf, same);
    const from = reader(response, seen);
    return from === null ? natively.call(response) : from[way]();
  };
  const readJson = async (response: Response): Promise<unknown> => parsed(await read(response, "text"));
  const ways = WAYS.filter((way) => typeof native[way] === "function").map((way) => [
    way,
    function (this: Response): Promise<unknown> {
      return read(this, way);
    },
  ]);
  const prototype: Response = Object.create(native, {
    body: {
      get(this: Response): unknown {
        const seen = observationOf(this);
        if (seen === undefined) return Reflect.get(native, "body", this);
        if (seen.taken === null && isUsed(this, seen)) return seen.body;
        return takeOver(this, seen)?.through.stream ?? seen.body;
      },
      configurable: true,
    },
    bodyUsed: {
      get(this: Response): unknown {
        const seen = observationOf(this);
        if (seen === undefined) return Reflect.get(native, "bodyUsed", this);
        return isUsed(this, seen) || seen.taken?.response.bodyUsed === true;
      },
      configurable: true,
    },
  });
  define(prototype, {
    ...Object.fromEntries(ways),
    json(this: Response): Promise<unknown> {
      const seen = observationOf(this);
      if (seen === undefined) return native.json.call(this);
      return isWhole(this, seen)
        ? told(seen, native.text.call(this), PIECE.text ?? (() => ""), parsed)
        : readJson(this);
    },
    clone(this: Response): Response {
      const seen = observationOf(this);
      const from = seen && reader(this, seen);
      return (from ?? native).clone.call(from ?? this);
    },
  });
  return prototype;
};
