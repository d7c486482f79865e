import { types } from "node:util";
import { activeParentSpan } from "../app-tracing.ts";
import { startCallContext } from "../call-context.ts";
import { matchRequest } from "./match-request.ts";
import { type CallCollaborators, createModelCall, type ModelCall } from "./model-call.ts";

/** Marks our wrapper, so that a second copy of the preload does not wrap it again. */
const HOOKED = Symbol.for("leeway.fetch");

type Fetch = typeof globalThis.fetch;

/** Collaborators of the hook: those of a call, and who is told about errors of our own. */
export interface HookCollaborators extends Omit<CallCollaborators, "guard"> {
  /** Called once, with the first error inside the hook. From then on the hook does nothing. */
  readonly onInternalError: (error: unknown) => void;
}

/**
 * Wraps a fetch function: model calls are observed, everything else is passed on untouched. The result behaves
 * like `original` in every way the app can see. No error of ours reaches the app: the first one switches the hook off.
 */
export const hookFetch = (original: Fetch, collaborators: HookCollaborators): Fetch => {
  let working = true;
  const broken = (error: unknown): void => {
    if (!working) return;
    working = false;
    collaborators.onInternalError(error);
  };
  const attempt = <T>(work: () => T, otherwise: T): T => {
    if (!working) return otherwise;
    try {
      return work();
    } catch (error) {
      broken(error);
      return otherwise;
    }
  };
  const guard = (work: () => void): void => attempt(work, undefined);
  const defer: CallCollaborators["defer"] = (work) =>
    collaborators.defer(async () => {
      try {
        await work();
      } catch (error) {
        broken(error);
      }
    });
  const begin = (input: unknown, init: RequestInit | undefined): ModelCall | null => {
    const matched = matchRequest(input, init);
    if (matched === null) return null;
    const parent = activeParentSpan();
    const start = { matched, context: startCallContext(parent), parent };
    return createModelCall(start, { ...collaborators, guard, defer });
  };
  const hooked: Fetch = (input, init) => {
    const call = attempt(() => begin(input, init), null);
    const answer = original(input, init);
    // A mocked fetch may return anything; what is no promise is none of our business.
    if (call === null || !types.isPromise(answer)) return answer;
    return answer.then(
      (response) => attempt(() => call.answered(response), response),
      (error: unknown) => {
        guard(() => call.failed(error));
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
