import { AsyncLocalStorage } from "node:async_hooks";
import { activeParentSpan, coverActiveSpan } from "../app-tracing.ts";
import { startCallContext } from "../call-context.ts";
import { noteCall } from "../call-identity.ts";
import { createFailOpen, type FailOpen } from "../fail-open.ts";
import { currentPair } from "../pair-scope.ts";
import { scopeStorage } from "../scope.ts";
import { type AttemptHeaders, idempotencyKeyOf, readAttemptHeaders } from "./attempt-headers.ts";
import { createByteBlocks } from "./byte-blocks.ts";
import type { MatchedRequest } from "./match-request.ts";
import { type CallCollaborators, FollowedCall, type ModelCall } from "./model-call.ts";
import { NO_RETRIES } from "./retries-so-far.ts";
import type { AttemptIdentity, CallOrigin, EarlierAttempt, RetryFold } from "./retry-fold.ts";
import { isNumberedFirst } from "./retry-habit.ts";

/** Collaborators of the observer: those of a call, the retries, and who is told about errors of our own. */
export interface ObserverCollaborators extends Omit<CallCollaborators, "failOpen" | "blocks" | "hold"> {
  readonly retries: RetryFold;
  /** Called once, with the first error of ours. From then on nothing is observed. */
  readonly onInternalError: (error: unknown) => void;
}

/** Follows the model calls of this process, by whichever transport they are made. */
export interface CallObserver extends Pick<FailOpen, "attempt" | "guard"> {
  /** Begins to follow an attempt that is about to be sent; null inside another one that is being followed. */
  readonly begin: (matched: MatchedRequest) => ModelCall | null;
  /** True inside an attempt that is being sent. */
  readonly isInside: () => boolean;
  /** Sends the attempt: calls made inside `send` are part of it. */
  readonly inside: <T>(send: () => T) => T;
}

/** Outcomes are about answers: an embedding made after one is not the call that is meant. */
const isAnswering = ({ name }: MatchedRequest["format"]): boolean => !name.endsWith(".embeddings");

/** Starts with no call. */
export const createCallObserver = (collaborators: ObserverCollaborators): CallObserver => {
  const { clock, retries } = collaborators;
  const failOpen = createFailOpen(collaborators.onInternalError);
  const within = new AsyncLocalStorage<true>();
  const newOrigin = ({ format }: MatchedRequest): CallOrigin => {
    // A second call is made whenever there is time for it, not for what is active then.
    const parent = currentPair() === null ? activeParentSpan() : null;
    if (parent?.isModelCall) coverActiveSpan();
    return {
      startedAt: clock.now(),
      startTick: clock.tick(),
      context: startCallContext(parent, isAnswering(format)),
      parent,
    };
  };
  const identityOf = (
    { body, url, headers, givenHeaders }: MatchedRequest,
    { habit, attempt }: AttemptHeaders,
    scope: unknown,
  ): AttemptIdentity | null => {
    if (habit === null || typeof body !== "string") return null;
    const idempotencyKey = idempotencyKeyOf(headers);
    return { habit, attempt, idempotencyKey, url: url.href, body, givenHeaders, scope, at: clock.tick() };
  };
  const earlierAttempt = (matched: MatchedRequest, said: AttemptHeaders, scope: unknown): EarlierAttempt | null => {
    // Nearly every call: its identity need not be put together.
    if (said.habit !== null && isNumberedFirst(said.habit, said.attempt)) return null;
    const identity = identityOf(matched, said, scope);
    const earlier = identity && retries.take(identity);
    if (earlier?.origin.context.identity && isAnswering(matched.format)) noteCall(earlier.origin.context.identity);
    return earlier;
  };
  const hold: CallCollaborators["hold"] = ({ matched, headers, scope, ...begun }, failed, wait, publish) => {
    const identity = identityOf(matched, headers, scope);
    if (identity === null) publish();
    else retries.hold(identity, { ...failed, ...begun }, wait, publish);
  };
  // Put together once, not for every call.
  const ofCalls: CallCollaborators = { ...collaborators, failOpen, hold, blocks: createByteBlocks() };
  const begin = (matched: MatchedRequest): ModelCall | null => {
    if (within.getStore()) return null;
    const said = readAttemptHeaders(matched.headers);
    const scope = scopeStorage().getStore();
    const earlier = earlierAttempt(matched, said, scope);
    const headers = earlier === null ? said : { ...said, attempt: earlier.attempt + 1 };
    const origin = earlier?.origin ?? newOrigin(matched);
    return new FollowedCall({ matched, headers, origin, scope, retries: earlier?.retries ?? NO_RETRIES }, ofCalls);
  };
  const { attempt, guard } = failOpen;
  return {
    attempt,
    guard,
    begin,
    isInside: () => within.getStore() === true,
    inside: (send) => within.run(true, send),
  };
};
