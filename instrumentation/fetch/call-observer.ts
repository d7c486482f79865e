import { AsyncLocalStorage } from "node:async_hooks";
import { activeParentSpan, coverActiveSpan } from "../app-tracing.ts";
import { startCallContext } from "../call-context.ts";
import { noteCall } from "../call-identity.ts";
import { createFailOpen, type FailOpen } from "../fail-open.ts";
import { scopeStorage } from "../scope.ts";
import { readAttemptHeaders } from "./attempt-headers.ts";
import type { MatchedRequest } from "./match-request.ts";
import { type CallCollaborators, createModelCall, type ModelCall } from "./model-call.ts";
import type { AttemptIdentity, CallOrigin, RetryFold } from "./retry-fold.ts";

/** Collaborators of the observer: those of a call, the retries, and who is told about errors of our own. */
export interface ObserverCollaborators extends Omit<CallCollaborators, "guard"> {
  readonly retries: RetryFold;
  /** Called once, with the first error of ours. From then on nothing is observed. */
  readonly onInternalError: (error: unknown) => void;
}

/** Follows the model calls of this process, by whichever transport they are made. */
export interface CallObserver extends Pick<FailOpen, "attempt" | "guard"> {
  /** Begins to follow an attempt that is about to be sent; null inside another one that is being followed. */
  readonly begin: (matched: MatchedRequest) => ModelCall | null;
  /** Sends the attempt: calls made inside `send` are part of it. */
  readonly inside: <T>(send: () => T) => T;
}

/** Outcomes are about answers: an embedding made after one is not the call that is meant. */
const isAnswering = ({ name }: MatchedRequest["format"]): boolean => !name.endsWith(".embeddings");

/** Starts with no call. */
export const createCallObserver = (collaborators: ObserverCollaborators): CallObserver => {
  const { clock, retries } = collaborators;
  const failOpen = createFailOpen(collaborators.onInternalError);
  const { guard } = failOpen;
  const defer: CallCollaborators["defer"] = (work) => collaborators.defer(() => failOpen.guardAsync(work));
  const within = new AsyncLocalStorage<true>();

  const newOrigin = ({ format }: MatchedRequest): CallOrigin => {
    const parent = activeParentSpan();
    if (parent?.isModelCall) coverActiveSpan();
    return {
      startedAt: clock.now(),
      startTick: clock.tick(),
      context: startCallContext(parent, isAnswering(format)),
      parent,
    };
  };
  const earlierOrigin = ({ format }: MatchedRequest, identity: AttemptIdentity | null): CallOrigin | null => {
    const origin = identity && retries.take(identity);
    if (origin?.context.identity && isAnswering(format)) noteCall(origin.context.identity);
    return origin;
  };
  const begin = (matched: MatchedRequest): ModelCall | null => {
    if (within.getStore()) return null;
    const headers = readAttemptHeaders(matched.headers);
    const { attempt, idempotencyKey } = headers;
    const { body, url } = matched;
    const scope = scopeStorage().getStore();
    const identity =
      attempt === null || typeof body !== "string" ? null : { attempt, url: url.href, body, idempotencyKey, scope };
    const origin = earlierOrigin(matched, identity) ?? newOrigin(matched);
    const hold = (waitMs: number, publish: () => void): void =>
      identity === null ? publish() : retries.hold(identity, origin, waitMs, publish);
    return createModelCall({ matched, headers, origin, hold }, { ...collaborators, guard, defer });
  };
  return { attempt: failOpen.attempt, guard, begin, inside: (send) => within.run(true, send) };
};
