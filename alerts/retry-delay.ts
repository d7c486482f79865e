import { createHash } from "node:crypto";
import { otherwise } from "../core/exhaustive.ts";
import type { Delivery, Ending } from "../core/notice.ts";

/** When a failed try is repeated. All in ms. */
export interface RetrySettings {
  /** Delay after the first failed try; doubles with each further one. Default 2 s. */
  readonly firstMs: number;
  /** The longest delay of its own making. Default 5 min. */
  readonly maxMs: number;
  /** The longest wait a receiver can ask for with Retry-After; a longer wish is cut to this. Default 1 h. */
  readonly maxAskedMs: number;
  /** After this long without delivery a notice is given up. Default 24 h. */
  readonly giveUpMs: number;
}

/** The defaults of {@link RetrySettings}. */
export const RETRY_DEFAULTS: RetrySettings = {
  firstMs: 2_000,
  maxMs: 5 * 60_000,
  maxAskedMs: 60 * 60_000,
  giveUpMs: 24 * 60 * 60_000,
};

/** A number in [0, 1) that is always the same for the same text. */
const fraction = (text: string): number => createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;

/**
 * Delay before the try after `attempt` (1 = the first), ms: exponential with a jitter of -50% to 0, never shorter
 * than what the receiver asked for. The jitter is drawn from `key`, so every replica computes the same moment.
 */
export const retryDelay = (
  { firstMs, maxMs, maxAskedMs }: RetrySettings,
  key: string,
  attempt: number,
  askedMs: number | null,
): number => {
  const exponential = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 40));
  const own = exponential * (0.5 + fraction(`${key}#${attempt}`) / 2);
  return Math.round(Math.max(own, Math.min(askedMs ?? 0, maxAskedMs)));
};

/** The ending that asks for another try; null for one that ends the parcel. */
export const retryOf = (delivery: Ending): Extract<Delivery, { readonly outcome: "retry" }> | null => {
  switch (delivery.outcome) {
    case "retry":
      return delivery;
    case "delivered":
    case "failed":
    case "muted":
      return null;
    default:
      return otherwise(delivery, null);
  }
};
