import type { SenderClock } from "../core/collector-stats.ts";
import type { SpanRow } from "../core/span-row.ts";
import { type ClockLag, createClockLag } from "./clock-lag.ts";

/** Where a call belongs in time, and how far its sender's clock is off; 0 = its own times stand. */
export type PlacedTimes = Pick<SpanRow, "start_ms" | "end_ms" | "clock_skew_ms">;

/** What is known of the clocks of those who send calls. */
export interface SenderClocks {
  /** The times of a call that arrived at `received_ms`; where they cannot be, moved as a whole. */
  readonly place: (call: Pick<SpanRow, "service" | "instance" | "start_ms" | "end_ms" | "received_ms">) => PlacedTimes;
  /** Senders with moved calls since `sinceMs` (epoch ms). */
  readonly list: (sinceMs: number) => readonly SenderClock[];
}

/** Clocks of two hosts that are kept in time differ by less; such a call is judged with its own times. */
const AHEAD_MS = 1_000;

/**
 * A clock that is behind by less is left alone: calls are judged up to ten minutes after they ended, and long calls and
 * slow exporters need some of that.
 */
const BEHIND_MS = 300_000;

/** Senders whose lag is followed; the one heard of longest ago makes room. */
interface Sender {
  readonly lag: ClockLag;
  moved: SenderClock | null;
}

/**
 * Places calls by the agent's clock where their sender's is wrong. A call cannot end after it arrived: one that did is
 * moved to its arrival. One that lies more than five minutes back is moved only when its sender's clock is known to be
 * behind (see ClockLag), for it may as well have waited somewhere. At most `maxSenders` are kept in mind.
 */
export const createSenderClocks = (maxSenders: number): SenderClocks => {
  const senders = new Map<string, Sender>();

  const senderOf = (key: string): Sender => {
    const sender = senders.get(key) ?? { lag: createClockLag(), moved: null };
    senders.delete(key);
    senders.set(key, sender);
    const oldest = senders.keys().next();
    if (senders.size > maxSenders && oldest.done !== true) senders.delete(oldest.value);
    return sender;
  };

  const skewOf = (sender: Sender, ageMs: number): number => {
    if (ageMs < -AHEAD_MS) return -ageMs;
    const behindMs = ageMs > BEHIND_MS ? sender.lag.behindMs() : null;
    return behindMs !== null && behindMs > BEHIND_MS ? -behindMs : 0;
  };

  return {
    place: ({ service, instance, start_ms, end_ms, received_ms }) => {
      const sender = senderOf(`${service}\n${instance}`);
      const ageMs = received_ms - end_ms;
      sender.lag.add(ageMs, received_ms);
      const skewMs = skewOf(sender, ageMs);
      if (skewMs === 0) return { start_ms, end_ms, clock_skew_ms: 0 };
      const calls = (sender.moved?.calls ?? 0) + 1;
      sender.moved = { service, instance, skewMs, calls, lastMs: received_ms };
      return { start_ms: start_ms - skewMs, end_ms: end_ms - skewMs, clock_skew_ms: skewMs };
    },
    list: (sinceMs) =>
      [...senders.values()].flatMap(({ moved }) => (moved !== null && moved.lastMs >= sinceMs ? [moved] : [])),
  };
};
