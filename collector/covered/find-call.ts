import type { CallMemory, Seen, Told } from "./call-memory.ts";
import { type CallFacts, contains, type Likeness, likeness, OURS } from "./same-call.ts";

const answerKey = ({ service, responseId }: CallFacts): string => `${service}/${responseId}`;

/** What a span is remembered by. */
export const keysOf = (facts: CallFacts): readonly string[] =>
  facts.responseId === "" ? [facts.trace] : [facts.trace, answerKey(facts)];

const callAmong = (facts: CallFacts, candidates: readonly Seen[]): Told | null => {
  let best: Told | null = null;
  let most: Likeness = 0;
  for (const seen of candidates) {
    const like = likeness(facts, seen.facts);
    if (like <= most) continue;
    // One span of each instrumentation is of one call, but for our attempts inside a span that is the row.
    const isOurAttempt = facts.scope === OURS && like === 4 && seen.of.row === seen.facts;
    const isTaken = seen.of.scopes.has(facts.scope) && facts.scope !== seen.facts.scope;
    if (isTaken && !isOurAttempt) continue;
    [best, most] = [seen.of, like];
  }
  return best;
};

/** A span that was seen before: the same one, sent again, or one of the same call. */
export interface Found {
  readonly again: Seen | null;
  /** Null for a span of a call of its own. */
  readonly of: Told | null;
}

const isSame = (facts: CallFacts, seen: Seen): boolean =>
  seen.facts.span === facts.span && seen.facts.scope === facts.scope;

/** True where a span is remembered. */
export const isKnown = (memory: CallMemory, facts: CallFacts): boolean =>
  memory.get(facts.trace).some((seen) => isSame(facts, seen));

/** Looks a span up among those remembered, by itself and by what it says of its call. */
export const findCall = (memory: CallMemory, facts: CallFacts): Found => {
  const inTrace = memory.get(facts.trace);
  const again = inTrace.find((seen) => isSame(facts, seen));
  if (again !== undefined) return { again, of: again.of };
  const candidates = facts.responseId === "" ? inTrace : [...inTrace, ...memory.get(answerKey(facts))];
  const of = callAmong(facts, candidates) ?? inTrace.find((seen) => contains(facts, seen.facts))?.of ?? null;
  return { again: null, of };
};
