import { createHash } from "node:crypto";
import type { Arm } from "../../core/cohort.ts";
import { BUCKETS, bucketOfKey, bucketsFor, type FlagSplit, NO_SEGMENT, type SegmentOf } from "./evaluate-flag.ts";

/** What a conversation is remembered by: `bucket * 2`, and 1 more for the canary. */
type Packed = number;

/** What is kept of a conversation from one agent to the next. */
export interface KeptConversation {
  /** 48 bits of a hash of flag, values and conversation: no id is kept. */
  readonly key: number;
  readonly packed: Packed;
}

/** Where the remembered conversations outlive the agent. Nothing here throws or rejects. */
export interface ConversationLog {
  /** What is there at start: the older generation, the younger one, and when that began, epoch ms (null = unknown). */
  readonly load: () => {
    readonly old: readonly KeptConversation[];
    readonly young: readonly KeptConversation[];
    readonly since: number | null;
  };
  readonly add: (kept: KeptConversation) => void;
  /** The younger generation becomes the older one, which is forgotten; a new one begins at `since`, epoch ms. */
  readonly rotate: (since: number) => void;
  /** Why it is not on disk; empty when it is. */
  readonly problem: () => string;
  /** Writes what waits. */
  readonly close: () => Promise<void>;
}

/** How a conversation's arm came about: its first turn, the arm it had, or a move to the baseline at this turn. */
export type Turn = "new" | "kept" | "moved";

/** Which arm each conversation was begun with. */
export interface ConversationArms {
  /**
   * The arm of this turn. A new conversation gets what the share says of `targetingKey` (where there is none, of the conversation).
   * One that is known keeps its arm, whoever asks and however the share rises; where the share no longer holds its bucket it moves
   * to the baseline, for good; so does one whose turn is not of those whom the share is for. `segmentOf` defaults to no segment at all.
   */
  readonly turn: (
    split: FlagSplit,
    conversation: string,
    targetingKey: string | null,
    segmentOf?: SegmentOf,
  ) => readonly [Arm, Turn];
  /** Conversations that are remembered, and those that were forgotten before their time because there were too many. */
  readonly counts: () => { readonly known: number; readonly forgottenEarly: number };
  readonly problem: () => string;
  readonly close: () => Promise<void>;
}

/** How much is remembered. */
export interface ConversationLimits {
  /** How long at least after a conversation was last heard of, ms; twice as long at most. Default a day. */
  readonly keepMs: number;
  /** Conversations of a generation, of which there are two. Default 500,000. */
  readonly generation: number;
}

/** What is remembered where nobody says otherwise. */
export const CONVERSATION_LIMITS: ConversationLimits = { keepMs: 86_400_000, generation: 500_000 };

/** Every part is preceded by its length, so that no id, however odd, reads as another flag's. */
const keyOf = ({ state, values }: FlagSplit, conversation: string): number => {
  const hash = createHash("sha256");
  for (const part of [state.flag, values.baseline, values.canary, conversation]) hash.update(`${part.length}:${part}`);
  return hash.digest().readUIntBE(0, 6);
};

const toMap = (kept: readonly KeptConversation[]): Map<number, Packed> =>
  new Map(kept.map(({ key, packed }) => [key, packed]));

const isPacked = ({ packed }: KeptConversation): boolean =>
  Number.isSafeInteger(packed) && packed >= 0 && packed < 2 * BUCKETS;

/**
 * Remembers the arms of conversations in two generations: what is asked for is carried into the younger one, and the older one is
 * dropped when the younger is `keepMs` old or full. So memory is bounded, and nothing is written for a turn that changes nothing.
 */
export const createConversationArms = (
  { now, log }: { readonly now: () => number; readonly log: ConversationLog },
  { keepMs, generation }: ConversationLimits = CONVERSATION_LIMITS,
): ConversationArms => {
  const loaded = log.load();
  // Without its beginning the younger generation was cut off by a crash: what the older one holds is the newest there is.
  const isWhole = loaded.since !== null;
  let old = toMap(isWhole ? loaded.old.filter(isPacked) : []);
  let young = toMap([...(isWhole ? [] : loaded.old), ...loaded.young].filter(isPacked));
  let since = loaded.since ?? now();
  let [forgottenEarly, isLogged] = [0, isWhole];

  const rotate = (at: number, isEarly: boolean): void => {
    if (isEarly) forgottenEarly += old.size;
    [old, young, since, isLogged] = [young, new Map(), at, true];
    log.rotate(at);
  };
  const makeRoom = (): void => {
    const at = now();
    // a clock that was set back must not keep everything for as long as it was ahead
    if (at < since) since = at;
    if (!isLogged || at - since >= keepMs) rotate(at, false);
    else if (young.size >= generation) rotate(at, true);
  };
  const keep = (key: number, packed: Packed): void => {
    makeRoom();
    young.set(key, packed);
    log.add({ key, packed });
  };
  const find = (key: number): Packed | undefined => {
    const known = young.get(key) ?? old.get(key);
    if (known !== undefined && !young.has(key)) keep(key, known);
    return known;
  };

  return {
    turn: (split, conversation, targetingKey, segmentOf = NO_SEGMENT) => {
      const { flag } = split.state;
      const key = keyOf(split, conversation);
      const known = find(key);
      const bucket = known === undefined ? bucketOfKey(flag, targetingKey ?? conversation) : known >> 1;
      const isIn = bucket < bucketsFor(split.state, segmentOf);
      if (known === undefined) {
        keep(key, bucket * 2 + (isIn ? 1 : 0));
        return [isIn ? "canary" : "baseline", "new"];
      }
      if (known % 2 === 0) return ["baseline", "kept"];
      if (isIn) return ["canary", "kept"];
      keep(key, bucket * 2);
      return ["baseline", "moved"];
    },
    counts: () => ({ known: young.size + old.size, forgottenEarly }),
    problem: log.problem,
    close: log.close,
  };
};
