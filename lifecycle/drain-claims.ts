import { type SenderCalls, type SenderWindow, senderKey, type WindowCalls } from "../core/sender-calls.ts";
import { isGone, logChance, type Silence, silenceOf, together } from "./sender-silence.ts";

/** The silence of a sender, or of several that are too small to be claimed by themselves. */
export interface Claim {
  readonly senders: readonly SenderCalls[];
  /** Natural log of the chance of such a silence without a drain, at most. */
  readonly chance: number;
  readonly isProven: boolean;
  /** True for those of whom too little was ever seen, and nothing for ten minutes: proven without a chance. */
  readonly isGone: boolean;
}

/** What claims are made from. */
export interface ClaimInput {
  /** Those who are to be silent, and those who never sent a canary call. */
  readonly known: readonly SenderCalls[];
  readonly others: readonly SenderCalls[];
  /** By senderKey. */
  readonly windows: ReadonlyMap<string, SenderWindow>;
  readonly calls: readonly WindowCalls[];
  readonly shareBefore: number;
  readonly settings: {
    readonly maxProbability: number;
    readonly minBaselineCalls: number;
  };
}

/** Senders of a smaller part of the canary's calls are claimed together; all of them, where they are no larger part. */
const MIN_PART = 0.01;

const sumOf = (senders: readonly SenderCalls[], of: (sender: SenderCalls) => number): number =>
  senders.reduce((sum, sender) => sum + of(sender), 0);

/** Each sender of some size by itself, the others together, unless all of them make no more than a stray call. */
const groupsOf = (senders: readonly SenderCalls[]): readonly (readonly SenderCalls[])[] => {
  const all = sumOf(senders, ({ canaryCalls }) => canaryCalls);
  const isLarge = ({ canaryCalls }: SenderCalls): boolean => canaryCalls >= MIN_PART * all;
  if (all === 0) return senders.length === 0 ? [] : [senders];
  const small = senders.filter((sender) => !isLarge(sender));
  const rest = sumOf(small, ({ canaryCalls }) => canaryCalls) >= MIN_PART * all ? [small] : [];
  return [...senders.filter(isLarge).map((sender) => [sender]), ...rest];
};

/** What the calls of both arms say of the canary's share, no more than is configured, 0-1. */
const shareOf = ({ known, calls, shareBefore }: ClaimInput): number => {
  const canary = sumOf(known, ({ canaryDraws }) => canaryDraws);
  const before = calls.reduce((sum, { drawsBefore }) => sum + drawsBefore, 0);
  return canary === 0 || before < canary ? shareBefore : Math.min(shareBefore, canary / before);
};

/** The claim of each group. */
const claim = (input: ClaimInput, groups: readonly (readonly SenderCalls[])[]): readonly Claim[] => {
  const { calls, settings } = input;
  const byKey = new Map(calls.map((each) => [senderKey(each), each]));
  const share = shareOf(input);
  const heard = calls.reduce((sum, { baselineCalls }) => sum + baselineCalls, 0);
  const isHeard = heard >= settings.minBaselineCalls;
  const silent = (sender: SenderCalls): Silence => {
    const key = senderKey(sender);
    return silenceOf(sender, input.windows.get(key), byKey.get(key));
  };
  /** Short-lived processes do not live to say that they are silent: others say how much was to be expected of them. */
  const chanceOf = (silences: readonly Silence[]): number => {
    const own = logChance(together(silences), { share, isHeard });
    if (silences.length < 2) return own;
    const all = logChance(together([...silences, ...input.others.map(silent)]), { share, isHeard: false });
    return Math.min(0, Math.log(2) + Math.min(own, all));
  };
  return groups.map((senders) => {
    const silences = senders.map(silent);
    const k = together(silences).canaryAfterFlip;
    const bar = Math.log(settings.maxProbability) - Math.log((k + 1) * (k + 2));
    const chance = chanceOf(silences);
    const gone = silences.every(isGone);
    return { senders, chance, isProven: chance <= bar || gone, isGone: gone };
  });
};

/** Every claim that a drain has to prove. */
export const claimsOf = (input: ClaimInput): readonly Claim[] => claim(input, groupsOf(input.known));

/** Those of the claims of `groups` that are not proven. */
export const openClaims = (input: ClaimInput, groups: readonly (readonly SenderCalls[])[]): readonly Claim[] =>
  claim(input, groups).filter(({ isProven }) => !isProven);
