import type { BodyObserver } from "./body-observer.ts";
import { createObservedPrototype, OBSERVATION, type Observation, type ObserveSettings } from "./observed-prototype.ts";

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

/** One per class of responses; nearly always there is but one. */
const prototypes = new WeakMap<object, Response>();

const prototypeFor = (native: Response): Response => {
  const known = prototypes.get(native);
  if (known !== undefined) return known;
  const created = createObservedPrototype(native);
  prototypes.set(native, created);
  return created;
};

/**
 * Tells `observer` what the app reads of a response, in whatever way, and reads nothing by itself. The response stays
 * the object it was; its ways to be read are replaced. As soon as the app asks for the body itself, or for a clone, a
 * second response takes over, whose body is a stream of ours; where that fails, the app reads its own.
 *
 * Needs a response that `canObserve` accepts.
 */
export const observeResponse = (response: WithBody, observer: BodyObserver, settings: ObserveSettings): void => {
  const native = Object.getPrototypeOf(response) as Response;
  const prototype = prototypeFor(native);
  const { whole, life, guard } = settings;
  const observation: Observation = { observer, whole, life, guard, body: response.body, taken: null };
  // Members of its own would hide those of a prototype; Node's responses have none.
  const isPlain = Reflect.ownKeys(response).length === 0;
  // Not seen by whoever lists the response's members, as all of this.
  Object.defineProperty(response, OBSERVATION, { value: observation });
  if (isPlain) Object.setPrototypeOf(response, prototype);
  else Object.defineProperties(response, Object.getOwnPropertyDescriptors(prototype));
};
