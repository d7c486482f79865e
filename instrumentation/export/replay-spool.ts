import { deliver } from "./deliver.ts";
import type { DiskSpool, SpooledBatch } from "./disk-spool.ts";
import type { OtlpSender } from "./otlp-sender.ts";

/** What replaying has done so far, cumulative. */
export interface ReplayCounts {
  readonly replayed: number;
  /** Refused by the collector, or not kept by it. */
  readonly dropped: number;
}

/** Sends what lies in the spool. */
export interface Replay {
  /** Sends batch after batch; ends when the spool is empty or the collector does not take one. Never rejects. */
  readonly run: () => Promise<void>;
  readonly counts: () => ReplayCounts;
}

interface SpooledRequest {
  readonly resourceSpans: readonly [{ readonly scopeSpans: readonly [{ readonly spans: readonly unknown[] }] }];
}

/** One process wrote the file: all its spans share resource and scope, so that a part of them is easily made. */
const withSpans = ({ resourceSpans: [resource] }: SpooledRequest, spans: readonly unknown[]): Uint8Array => {
  const [scope] = resource.scopeSpans;
  const request = { resourceSpans: [{ ...resource, scopeSpans: [{ ...scope, spans }] }] };
  return Buffer.from(JSON.stringify(request));
};

/** Creates the replay. Batches are removed from the spool as soon as the collector has answered for good. */
export const createReplay = (
  spool: Pick<DiskSpool, "claim">,
  { sendEncoded }: Pick<OtlpSender, "sendEncoded">,
): Replay => {
  let replayed = 0;
  let dropped = 0;
  let running: Promise<void> | null = null;

  /** The whole was refused: its halves are tried, as for spans that come from the queue. False = try again later. */
  const sendParts = async ({ data }: SpooledBatch): Promise<boolean> => {
    const request: SpooledRequest = JSON.parse(Buffer.from(data).toString("utf8"));
    const all = request.resourceSpans[0].scopeSpans[0].spans;
    const parts = await deliver(all, (part) => sendEncoded(withSpans(request, part), part.length));
    if (parts.retry !== null) return false;
    replayed += parts.sent;
    dropped += parts.refused + parts.rejected;
    return true;
  };
  const send = async (batch: SpooledBatch): Promise<boolean> => {
    const answer = await sendEncoded(batch.data, batch.spans);
    if (answer.outcome === "retry") return false;
    if (answer.outcome === "refused") return sendParts(batch);
    replayed += batch.spans - answer.rejected;
    dropped += answer.rejected;
    return true;
  };
  const sendAll = async (): Promise<void> => {
    for (let batch = spool.claim(); batch !== null; batch = spool.claim()) {
      try {
        if (!(await send(batch))) return;
      } catch {
        // It cannot be read: nobody ever will.
        dropped += batch.spans;
      }
      batch.remove();
    }
  };
  return {
    run: () => {
      running ??= sendAll().finally(() => {
        running = null;
      });
      return running;
    },
    counts: () => ({ replayed, dropped }),
  };
};
