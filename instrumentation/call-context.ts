import { type Cohort, isCohort } from "../core/cohort.ts";
import type { ParentSpan } from "./app-tracing.ts";
import { newCallIdentity, noteCall } from "./call-identity.ts";
import { currentPair, type PairMark } from "./pair-scope.ts";
import { type CallIdentity, type FlagEvaluation, type Prompt, type Scope, scopeStorage } from "./scope.ts";

/** What the scopes say about a call, frozen at the moment it starts. */
export interface CallContext {
  readonly cohort: Cohort | null;
  readonly flag: FlagEvaluation | null;
  readonly conversation: string | null;
  readonly prompt: Prompt | null;
  readonly segments: Readonly<Record<string, string>>;
  /** Ids of the span to be; absent where another instrumentation makes it. */
  readonly identity?: CallIdentity;
  /** Of the second call of a pair, which is no call of the app's. */
  readonly pair?: PairMark;
}

const nearest = function* (scope: Scope | undefined): Generator<Scope> {
  for (let at = scope ?? null; at !== null; at = at.parent) yield at;
};

/** Of the flags evaluated in one scope: the latest whose variant names a cohort, else the latest. */
const routingFlag = (scope: Scope): FlagEvaluation | null => {
  const latestFirst = [...scope.flags.values()].reverse();
  return latestFirst.find(({ variant }) => isCohort(variant)) ?? latestFirst[0] ?? null;
};

/** What holds outside every scope. */
const NOTHING: CallContext = {
  cohort: null,
  flag: null,
  conversation: null,
  prompt: null,
  segments: Object.freeze({}),
};

/** What holds for a call that starts now: inner scopes win; an explicit cohort wins over a flag's variant. */
export const currentCallContext = (): CallContext => {
  const innermost = scopeStorage().getStore();
  if (innermost === undefined) return NOTHING;
  const scopes = [...nearest(innermost)];
  const first = <T>(pick: (scope: Scope) => T | null | undefined): T | null => {
    for (const scope of scopes) {
      const found = pick(scope);
      if (found != null) return found;
    }
    return null;
  };
  const flag = first(routingFlag);
  const segments = scopes.flatMap(({ segment }) => (segment ? [segment] : [])).reverse();
  return {
    cohort: first((scope) => scope.cohort) ?? (isCohort(flag?.variant) ? flag.variant : null),
    flag,
    conversation: first((scope) => scope.conversation),
    prompt: first((scope) => scope.prompt),
    segments: Object.fromEntries(segments),
  };
};

/** A second call is of its pair alone: whoever happened to be served meanwhile has nothing to do with it. */
const secondCallContext = (pair: PairMark): CallContext => ({
  ...NOTHING,
  cohort: "shadow",
  prompt: pair.served.prompt,
  segments: pair.served.segments,
  identity: newCallIdentity(null),
  pair,
});

/**
 * The context of a call of ours that is about to be sent: given its ids, and, where it is to give an answer, made the
 * latest one of its scopes, so that an outcome recorded before its span exists can name it.
 */
export const startCallContext = (parent: ParentSpan | null, isAnswering = true): CallContext => {
  const pair = currentPair();
  if (pair !== null) {
    pair.onCall?.();
    return secondCallContext(pair);
  }
  const identity = newCallIdentity(parent);
  if (isAnswering) noteCall(identity);
  return { ...currentCallContext(), identity };
};
