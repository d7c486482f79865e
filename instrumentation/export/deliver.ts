import type { SendOutcome } from "./send-outcome.ts";

/** Sends one batch. */
export type Send<T> = (batch: readonly T[]) => Promise<SendOutcome>;

/** What became of a batch. */
export interface Delivered<T> {
  readonly sent: number;
  /** Refused by the collector, alone or beyond what is tried. */
  readonly refused: number;
  /** Of a batch that was taken, what the collector did not keep. */
  readonly rejected: number;
  /** Still to be sent, in their order. */
  readonly left: readonly T[];
  /** Why some are left; null when none are. */
  readonly retry: Extract<SendOutcome, { outcome: "retry" }> | null;
}

/** Finding one unacceptable span among 512 takes 19 requests; this many allow for three, then the rest is dropped. */
const MAX_REQUESTS = 64;

/**
 * Sends a batch; one that is refused is halved until the spans that are to blame stand alone, and only those are
 * dropped. Stops at the first passing failure.
 */
export const deliver = async <T>(batch: readonly T[], send: Send<T>): Promise<Delivered<T>> => {
  const waiting: (readonly T[])[] = [batch];
  let sent = 0;
  let refused = 0;
  let rejected = 0;
  for (let requests = 0; waiting.length > 0; requests += 1) {
    const part = waiting.pop() ?? [];
    const answer = requests < MAX_REQUESTS ? await send(part) : null;
    if (answer?.outcome === "retry") {
      return { sent, refused, rejected, left: [part, ...waiting.reverse()].flat(), retry: answer };
    }
    if (answer?.outcome === "sent") {
      sent += part.length - answer.rejected;
      rejected += answer.rejected;
    } else if (answer === null || part.length === 1) refused += part.length;
    else waiting.push(part.slice(part.length / 2), part.slice(0, part.length / 2));
  }
  return { sent, refused, rejected, left: [], retry: null };
};
