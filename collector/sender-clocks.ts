import type { SenderClock } from "../core/collector-stats.ts";
import type { SpanRow } from "../core/span-row.ts";
import { type ClockLag, createClockLag } from "./clock-lag.ts";

/** Where a call belongs in time, and how far its sender's clock is off; 0 = its own times stand. */
export type PlacedTimes = Pick<SpanRow, "start_ms" | "end_ms" | "clock_skew_ms">;

/** What is known of the clocks of those who send calls. */
export interface SenderClocks {
  /** The times of a call that arrived at `received_ms`; where they cannot be, moved as a whole. */
  readonly place: (call: Pick<SpanRow, "service" | "instance" | "start_ms" | "end_ms" | "received_ms">) => PlacedTimes;
  /** Senders of calls since `sinceMs` (epoch ms) that were moved, or that all came in late by the same. */
  readonly list: (sinceMs: number) => readonly SenderClock[];
}

/** Clocks of two hosts that are kept in time differ by less; such a call is judged with its own times. */
const AHEAD_MS = 1_000;

/**
 * A clock that is behind by less is left alone: calls are judged up to ten minutes after they ended, and long calls and
 * slow exporters need some of that.
 */
const BEHIND_MS = 300_000;

/** A sender whose calls all come in late by more is told of: its clock is behind, or something holds its calls. */
const TOLD_MS = 5_000;

/** Senders whose lag is followed; the one heard of longest ago makes room. */
interface Sender {
  readonly service: string;
  readonly instance: string;
  readonly lag: ClockLag;
  moved: SenderClock | null;
  lastMs: number;
}

/** What is told of a sender; nothing where its clock keeps time, as far as can be seen. */
const clockOf = ({ service, instance, lag, moved, lastMs }: Sender, sinceMs: number): readonly SenderClock[] => {
  if (moved !== null && moved.lastMs >= sinceMs) return [moved];
  const lateMs = lag.behindMs() ?? 0;
  return lastMs >= sinceMs && lateMs >= TOLD_MS ? [{ service, instance, skewMs: -lateMs, calls: 0, lastMs }] : [];
};

/**
 * Places calls by the agent's clock where their sender's is wrong. A call cannot end after it arrived: one that did is
 * moved to its arrival. One that lies more than five minutes back is moved only when its sender's clock is known to be
 * behind (see ClockLag), for it may as well have waited somewhere. At most `maxSenders` are kept in mind.
 */
export const createSenderClocks = (maxSenders: number): SenderClocks => {
  const senders = new Map<string, Sender>();

  const senderOf = (service: string, instance: string): Sender => {
    const key = `${service}\n${instance}`;
    const sender = senders.get(key) ?? { service, instance, lag: createClockLag(), moved: null, lastMs: 0 };
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
      const sender = senderOf(service, instance);
      sender.lastMs = received_ms;
      const ageMs = received_ms - end_ms;
      sender.lag.add(ageMs, received_ms);
      const skewMs = skewOf(sender, ageMs);
      if (skewMs === 0) return { start_ms, end_ms, clock_skew_ms: 0 };
      const calls = (sender.moved?.calls ?? 0) + 1;
      sender.moved = { service, instance, skewMs, calls, lastMs: received_ms };
      return { start_ms: start_ms - skewMs, end_ms: end_ms - skewMs, clock_skew_ms: skewMs };
    },
    list: (sinceMs) => [...senders.values()].flatMap((sender) => clockOf(sender, sinceMs)),
  };
};
