import { withinOrAbort } from "../async/within-or-abort.ts";
import type { DeliveredNotice, Delivery, Notice } from "../core/notice.ts";
import type { Channel } from "./channels/channel.ts";

/** How long one try may take, ms. */
export const TRY_TIMEOUT_MS = 10_000;

const timedOut = (ms: number): Delivery => ({
  outcome: "retry",
  detail: `no answer within ${ms} ms`,
  retryAfterMs: null,
});
// A channel that throws has a bug. Its message may hold anything, so it is not repeated.
const BROKEN: Delivery = { outcome: "retry", detail: "the channel failed unexpectedly", retryAfterMs: null };

/** One try to deliver `notice`, ended after `ms` even if the channel ignores its signal. `number` is the try's, from 1. Never rejects. */
export const tryChannel = async (
  channel: Channel,
  notice: Notice,
  { number, earlier }: { readonly number: number; readonly earlier: readonly DeliveredNotice[] },
  ms: number,
): Promise<Delivery> => {
  try {
    return await withinOrAbort(ms, (signal) => channel.send(notice, { signal, number, earlier }), timedOut(ms));
  } catch {
    return BROKEN;
  }
};

/** What a channel answered to a test. */
export interface TestAnswer {
  readonly channel: string;
  readonly delivery: Delivery;
}

/** Sends `notice` through every one of `channels` at once, one try each. Never rejects. */
export const testChannels = (
  channels: readonly Channel[],
  notice: Notice,
  ms: number = TRY_TIMEOUT_MS,
): Promise<readonly TestAnswer[]> =>
  Promise.all(
    channels.map(async (channel) => ({
      channel: channel.name,
      delivery: await tryChannel(channel, notice, { number: 1, earlier: [] }, ms),
    })),
  );
