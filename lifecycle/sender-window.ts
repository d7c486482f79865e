import type { SenderCalls, SenderWindow } from "../core/sender-calls.ts";

/** What the windows of a drain's senders are cut by. Times are epoch ms, durations ms. */
export interface WindowSettings {
  /** When the flag was confirmed to serve less. */
  readonly flippedAt: number;
  readonly now: number;
  readonly settleMs: number;
  readonly propagationMs: number;
}

/** How far a sender's clock is ahead at least, as a number <= 0, ms: no call comes in before it ended. */
const ahead = ({ leastDelayMs }: SenderCalls): number => Math.min(0, leastDelayMs);

/**
 * How long after it started a canary call of this sender has come in for certain, ms by the agent's clock: what its
 * slow calls take and the largest delay it ever had, and the settle time at least. A clock that is behind cannot be told
 * from a delay, so that it is waited for as well.
 */
export const hearingMs = (sender: SenderCalls, settleMs: number): number =>
  Math.max(settleMs, sender.mostDelayMs - ahead(sender) + sender.slowestMs);

/**
 * The time in which a sender's silence counts, by its own clock: from the flip, or from its last canary call since, until
 * the moment up to which every call of it would have come in by now. The flip is put where it was by the sender's clock
 * if its fastest call took no time at all; where the call did take time, calls of before the flip count as made after
 * it, which only makes the proof wait.
 */
const windowOf = (
  sender: SenderCalls,
  { flippedAt, settleMs, propagationMs }: WindowSettings,
  heardAt: number,
): SenderWindow => {
  const { service, instance, lastCanaryStart } = sender;
  const own = flippedAt - sender.leastDelayMs;
  return {
    ...{ service, instance },
    flippedAt: own,
    since: Math.max(own + propagationMs, lastCanaryStart === null ? own : Math.floor(lastCanaryStart) + 1),
    until: heardAt - ahead(sender) - hearingMs(sender, settleMs),
  };
};

/**
 * Up to when the calls that came in can be read, epoch ms: what comes in is stored in its order, so that nothing is missing
 * before the newest that is there.
 */
export const heardAt = (senders: readonly SenderCalls[], now: number): number =>
  Math.min(now, Math.max(...senders.map(({ lastReceived }) => lastReceived)));

/** How far apart the calls of a canary's sender may come in, ms: where its delay is the same for all, as far as they take. */
const spreadMs = ({ canaryCalls, mostDelayMs, leastDelayMs, slowestMs }: SenderCalls): number =>
  canaryCalls === 0 ? 0 : mostDelayMs - leastDelayMs + slowestMs;

/**
 * The window of each of the senders, who are all there are. Those who never sent a canary call say how much was to be expected
 * of others, and no more than these would have been heard to do.
 */
export const windowsOf = (senders: readonly SenderCalls[], settings: WindowSettings): readonly SenderWindow[] => {
  const heard = heardAt(senders, settings.now);
  const spread = Math.max(settings.settleMs, ...senders.map(spreadMs));
  return senders.map((sender) => {
    const settleMs = sender.canaryCalls > 0 ? settings.settleMs : spread;
    return windowOf(sender, { ...settings, settleMs }, heard);
  });
};
