import type { SenderCalls, SenderWindow, WindowCalls } from "../core/sender-calls.ts";

/** One sender, or several taken as one, and what it did since the flip. */
export interface Silence {
  /** Draws of an arm until its last canary call: those with a canary call, and all. */
  readonly canaryDraws: number;
  readonly drawsBefore: number;
  /** Moments in which it spoke, and its calls of both arms, from first to last. */
  readonly moments: number;
  readonly calls: number;
  /** From its first to its last call of either arm, ms. */
  readonly knownMs: number;
  /** How long it has sent nothing at all, of the time in which its silence counts, ms. */
  readonly silentMs: number;
  /** Longest time between two of its canary calls, ms. */
  readonly longestGapMs: number;
  /** Canary calls since the flip: each of them began a silence anew. */
  readonly canaryAfterFlip: number;
  /** Draws of its baseline calls during the silence. */
  readonly baselineDraws: number;
}

/** From here on a sender's own share is known well enough to go by. */
const KNOWN_DRAWS = 20;

/** What one sender did; 0 for what was not counted. */
export const silenceOf = (
  sender: SenderCalls,
  window: SenderWindow | undefined,
  calls: WindowCalls | undefined,
): Silence => ({
  canaryDraws: sender.canaryDraws,
  drawsBefore: Math.max(calls?.drawsBefore ?? 0, sender.canaryDraws),
  moments: sender.moments,
  calls: sender.canaryCalls + sender.baselineCalls,
  knownMs: sender.lastStart - sender.firstStart,
  silentMs: window === undefined ? 0 : Math.max(0, window.until - Math.max(window.since, sender.lastStart)),
  longestGapMs: sender.longestGapMs,
  canaryAfterFlip: calls?.canaryAfterFlip ?? 0,
  baselineDraws: calls?.baselineDraws ?? 0,
});

const total = (all: readonly Silence[], of: (each: Silence) => number): number =>
  all.reduce((sum, each) => sum + of(each), 0);

/** Several senders taken as one, at least one. */
export const together = (all: readonly Silence[]): Silence => ({
  canaryDraws: total(all, ({ canaryDraws }) => canaryDraws),
  drawsBefore: total(all, ({ drawsBefore }) => drawsBefore),
  moments: Math.max(...all.map(({ moments }) => moments)),
  calls: total(all, ({ calls }) => calls),
  knownMs: Math.max(...all.map(({ knownMs }) => knownMs)),
  silentMs: Math.min(...all.map(({ silentMs }) => silentMs)),
  longestGapMs: Math.max(...all.map(({ longestGapMs }) => longestGapMs)),
  canaryAfterFlip: total(all, ({ canaryAfterFlip }) => canaryAfterFlip),
  baselineDraws: total(all, ({ baselineDraws }) => baselineDraws),
});

/** log of (1 - share)^calls; the share is kept off 0 and 1, where it says nothing. */
export const logMiss = (share: number, calls: number): number =>
  calls * Math.log1p(-Math.min(0.999, Math.max(0.001, share)));

/** Nothing is less likely than this in its natural log, for all that anybody asks. */
const LEAST_LOG = -60;

/**
 * Of N draws, c of them with a canary call and the last among these, and n draws of the baseline after them: the chance that a
 * sender whose draws are the canary's with one unknown probability makes such a run,
 * `product over i = 1..n of (N - c + i) / (N - 1 + i)`. Exact: given how many there are, every order of them is as likely.
 */
const logRun = ({ canaryDraws: c, drawsBefore: N, baselineDraws: n }: Silence): number => {
  let log = 0;
  for (let i = 1; i <= n && log > LEAST_LOG; i += 1) log += Math.log((N - c + i) / (N - 1 + i));
  return log;
};

const logByCalls = (silence: Silence, share: number): number => {
  const { canaryDraws: c, drawsBefore: N, baselineDraws: n } = silence;
  if (n === 0) return 0;
  if (c >= KNOWN_DRAWS) return logRun(silence);
  return logMiss(c === 0 ? share : Math.min(share, (c + 2) / N), n);
};

/** An exporter whose try failed makes the next one within this time, ms: nobody is silent before. */
const RETRY_MS = 5_000;

/** True where nothing at all has come for longer than there was no canary call before. */
export const isMute = ({ silentMs, longestGapMs }: Silence): boolean => silentMs > longestGapMs + RETRY_MS;

/** A sender of fewer calls, of whose silence little can be said, is taken for gone after this long, ms. */
const FEW_CALLS = 20;
const GONE_MS = 600_000;

/** True for one of few calls, none of which has come for ten minutes. */
export const isGone = (silence: Silence): boolean =>
  silence.calls < FEW_CALLS && isMute(silence) && silence.silentMs >= GONE_MS;

/**
 * A sender spoke in M moments of a time T, and then there was silence for t: of moments that come at one unknown rate the
 * chance is `(T / (T + t))^(M - 1)`. Only a silence that is longer than any between its canary calls was before is believed.
 */
const logByTime = (silence: Silence): number => {
  const { moments, knownMs, silentMs } = silence;
  return moments < 2 || !isMute(silence) ? 0 : (moments - 1) * Math.log(knownMs / (knownMs + silentMs));
};

/**
 * Log of the chance of a silence like this if the sender still sent canary calls as it did before, at most. Its baseline
 * calls tell it and, where nothing at all comes from it any more while `isHeard` says that calls do come in from somewhere,
 * its silence in time: a process that is gone, or served the canary alone, has nothing else to show. The better of two counts, for twice its chance. `share`: canary share of the
 * flag's calls, 0-1, for a sender of which less is known.
 */
export const logChance = (silence: Silence, { share, isHeard }: { share: number; isHeard: boolean }): number => {
  const byTime = isHeard ? logByTime(silence) : 0;
  return Math.min(0, Math.log(2) + Math.min(logByCalls(silence, share), byTime));
};
