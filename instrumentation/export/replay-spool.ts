import { sharedRun } from "../../async/shared-run.ts";
import { deliver } from "./deliver.ts";
import type { DiskSpool, SpooledBatch } from "./disk-spool.ts";
import { readRequest } from "./otlp-request.ts";
import type { OtlpSender, OtlpSignal } from "./otlp-sender.ts";
import { fromLines } from "./spooled-lines.ts";

/** What replaying has done so far, cumulative. */
export interface ReplayCounts {
  readonly replayed: number;
  /** Refused by the collector, not kept by it, or damaged on disk. */
  readonly dropped: number;
}

/** Sends what lies in the spool. */
export interface Replay {
  /** Sends batch after batch; ends when the spool is empty or the collector does not take one. Never rejects. */
  readonly run: () => Promise<void>;
  readonly counts: () => ReplayCounts;
}

/** Creates the replay. Batches are removed from the spool as soon as the collector has answered for good. */
export const createReplay = (
  spool: Pick<DiskSpool, "claim">,
  { sendEncoded }: Pick<OtlpSender, "sendEncoded">,
  signal: OtlpSignal,
): Replay => {
  let replayed = 0;
  let dropped = 0;

  /** The whole was refused: its halves are tried, as for spans that come from the queue. False = try again later. */
  const sendParts = async (data: Uint8Array): Promise<boolean> => {
    const { items, withItems } = readRequest(Buffer.from(data).toString("utf8"), signal);
    const parts = await deliver(items, (part) => sendEncoded(Buffer.from(withItems(part)), part.length));
    if (parts.retry !== null) return false;
    replayed += parts.sent;
    dropped += parts.refused + parts.rejected;
    return true;
  };
  const sendWhole = async (data: Uint8Array, items: number): Promise<boolean> => {
    const answer = await sendEncoded(data, items);
    if (answer.outcome === "retry") return false;
    if (answer.outcome === "refused") return sendParts(data);
    replayed += items - answer.rejected;
    dropped += answer.rejected;
    return true;
  };
  const send = async ({ data, spans, isChecked }: SpooledBatch): Promise<boolean> => {
    if (!isChecked) return sendWhole(data, spans);
    const read = fromLines(data, signal);
    // a report of counts is an item, and counts for none
    const whole = Math.min(spans, read.items);
    const isDone = read.data === null || (await sendWhole(read.data, whole));
    if (isDone) dropped += spans - whole;
    return isDone;
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
    run: sharedRun(sendAll),
    counts: () => ({ replayed, dropped }),
  };
};
