import { types } from "node:util";
import type { CallObserver } from "./call-observer.ts";
import { createRequestMatcher } from "./match-request.ts";
import type { ModelCall } from "./model-call.ts";

/** Marks our wrapper, so that a second copy of the preload does not wrap it again. */
const HOOKED = Symbol.for("leeway.fetch");

type Fetch = typeof globalThis.fetch;

/** Says whether calls that `original` makes by itself are calls of their own. */
export interface HookSettings {
  /**
   * True for a custom fetch, which may well call the global one, and where others listen to what fetch is made of: that
   * would be a second span of the same call. Asked for each call.
   */
  readonly nested: boolean;
}

const failed = (call: ModelCall, error: unknown): void => call.failed(error);
const answered = (call: ModelCall, response: Response): Response => call.answered(response);

/**
 * Wraps a fetch function: model calls are observed, everything else is passed on untouched. The result behaves like
 * `original` in every way the app can see. No error of ours reaches the app: the first one ends all observing.
 */
export const hookFetch = (original: Fetch, observer: CallObserver, settings: HookSettings): Fetch => {
  const { attempt, guard } = observer;
  const matchRequest = createRequestMatcher();
  const begin = (input: unknown, init: RequestInit | undefined): ModelCall | null => {
    const matched = matchRequest(input, init);
    return matched && observer.begin(matched);
  };
  const send = (call: ModelCall, input: Parameters<Fetch>[0], init: RequestInit | undefined): ReturnType<Fetch> => {
    try {
      return settings.nested ? observer.inside(() => original(input, init)) : original(input, init);
    } catch (error) {
      guard(failed, call, error);
      throw error;
    }
  };
  const hooked: Fetch = (input, init) => {
    const call = attempt(begin, null, input, init);
    if (call === null) return original(input, init);
    const answer = send(call, input, init);
    // A mocked fetch may return anything; what is no promise is none of our business.
    if (!types.isPromise(answer)) return answer;
    return answer.then(
      (response) => attempt(answered, response, call, response),
      (error: unknown) => {
        guard(failed, call, error);
        throw error;
      },
    );
  };
  return Object.defineProperties(hooked, {
    name: { value: original.name, configurable: true },
    length: { value: original.length, configurable: true },
    [HOOKED]: { value: true },
  });
};

/** True for a fetch function that `hookFetch` made, by whichever copy of this code. */
export const isHooked = (fetch: Fetch): boolean => HOOKED in fetch;
