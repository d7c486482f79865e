import type { SendOutcome } from "./send-outcome.ts";

/** Sends one batch. */
export type Send<T> = (batch: readonly T[]) => Promise<SendOutcome>;

/** What became of a batch. */
export interface Delivered<T> {
  readonly sent: number;
  readonly dropped: number;
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
  let dropped = 0;
  for (let requests = 0; waiting.length > 0; requests += 1) {
    const part = waiting.pop() ?? [];
    const answer = requests < MAX_REQUESTS ? await send(part) : null;
    if (answer?.outcome === "retry") return { sent, dropped, left: [part, ...waiting.reverse()].flat(), retry: answer };
    if (answer?.outcome === "sent") {
      sent += part.length - answer.rejected;
      dropped += answer.rejected;
    } else if (answer === null || part.length === 1) dropped += part.length;
    else waiting.push(part.slice(part.length / 2), part.slice(0, part.length / 2));
  }
  return { sent, dropped, left: [], retry: null };
};
