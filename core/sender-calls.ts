/** A process that sends calls: `service.name` and `service.instance.id`; the latter is empty where its calls carry none. */
export interface Sender {
  readonly service: string;
  readonly instance: string;
}

/** How people are told which sender is meant. */
export const senderText = ({ service, instance }: Sender): string =>
  instance === "" ? `${service || "an unnamed service"} (calls without service.instance.id)` : instance;

/** What tells one sender from another. */
export const senderKey = ({ service, instance }: Sender): string => `${service}\n${instance}`;

/**
 * Calls of one user (else conversation, else trace) that start within these ten seconds are one draw of an arm: a sticky flag, or
 * an agent's loop, gives them all the same, ms.
 */
export const DRAW_MS = 10_000;

/** Calls that start within the same quarter of a second are one moment in which a sender spoke, ms. */
export const MOMENT_MS = 250;

/**
 * What came in from one sender over some time, around a flip of the flag. Its own times are those on its spans, epoch ms
 * by its own clock; delays are receipt minus end by its own clock, ms: what a call waits on its way, less what the clock is
 * ahead.
 */
export interface SenderCalls extends Sender {
  readonly canaryCalls: number;
  readonly baselineCalls: number;
  /** Draws with a canary call; see DRAW_MS. */
  readonly canaryDraws: number;
  /** Moments in which it started a call of either arm; see MOMENT_MS. */
  readonly moments: number;
  /** Least delay of its calls of either arm that came in before the flip; of all, where none did. */
  readonly leastDelayMs: number;
  /** Largest delay of its calls of either arm. */
  readonly mostDelayMs: number;
  /**
   * How long its slow canary calls take, ms: their p99; 0 without any. Where no call's duration is known, the longest from a
   * start to its arrival: none took longer.
   */
  readonly slowestMs: number;
  /** Start of its first and of its last call of either arm, own times. */
  readonly firstStart: number;
  readonly lastStart: number;
  /** Start of its last canary call, own time; null without any. */
  readonly lastCanaryStart: number | null;
  /** When its last call of either arm came in, epoch ms. */
  readonly lastReceived: number;
  /** When its last canary call came in, epoch ms; null without any. */
  readonly lastCanaryReceived: number | null;
  /** Longest time between two of its canary calls that started one after the other, ms, rounded up; 0 with fewer than two. */
  readonly longestGapMs: number;
}

/** Which of a sender's calls are counted, own times. */
export interface SenderWindow extends Sender {
  /** Canary calls count as made after the flip from here on. */
  readonly flippedAt: number;
  /** The silence: half-open. It is empty where `until` is not after `since`. */
  readonly since: number;
  readonly until: number;
}

/** What one sender did in its window. */
export interface WindowCalls extends Sender {
  /** Draws of its calls of both arms until `since`; see DRAW_MS. */
  readonly drawsBefore: number;
  /** Its canary calls from `flippedAt` on. */
  readonly canaryAfterFlip: number;
  /** Its baseline calls in [since, until), and draws with one. */
  readonly baselineCalls: number;
  readonly baselineDraws: number;
}

/** A canary call as it came in. Times are epoch ms. */
export interface CanaryCall extends Sender {
  /** As it is placed, by the agent's clock where its sender's is known to be wrong. */
  readonly startedAt: number;
  /** By its sender's own clock. */
  readonly ownStart: number;
  /** How far its sender's clock was found ahead (behind: negative) when it came in, ms; 0 = it was not moved. */
  readonly clockSkewMs: number;
}
