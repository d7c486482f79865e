import { deliver } from "./deliver.ts";
import type { DiskSpool, SpooledBatch } from "./disk-spool.ts";
import type { OtlpSender, OtlpSignal } from "./otlp-sender.ts";

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

type Message = Readonly<Record<string, unknown>>;

/** Names of the lists that lead to the spans or log records of a request. */
const LISTS: Readonly<Record<OtlpSignal, readonly [string, string, string]>> = {
  traces: ["resourceSpans", "scopeSpans", "spans"],
  logs: ["resourceLogs", "scopeLogs", "logRecords"],
};

const listIn = (message: Message, name: string): readonly unknown[] => message[name] as readonly unknown[];

const firstIn = (message: Message, name: string): Message => listIn(message, name)[0] as Message;

/**
 * What a request holds, and how to make one of a part of it. One process wrote the file, so that all of it shares
 * resource and scope. Throws on anything else.
 */
const readRequest = (data: Uint8Array, signal: OtlpSignal) => {
  const [resources, scopes, items] = LISTS[signal];
  const request: Message = JSON.parse(Buffer.from(data).toString("utf8"));
  const resource = firstIn(request, resources);
  const scope = firstIn(resource, scopes);
  const withItems = (part: readonly unknown[]): Uint8Array =>
    Buffer.from(JSON.stringify({ [resources]: [{ ...resource, [scopes]: [{ ...scope, [items]: part }] }] }));
  return { all: listIn(scope, items), withItems };
};

/** Creates the replay. Batches are removed from the spool as soon as the collector has answered for good. */
export const createReplay = (
  spool: Pick<DiskSpool, "claim">,
  { sendEncoded }: Pick<OtlpSender, "sendEncoded">,
  signal: OtlpSignal,
): Replay => {
  let replayed = 0;
  let dropped = 0;
  let running: Promise<void> | null = null;

  /** The whole was refused: its halves are tried, as for spans that come from the queue. False = try again later. */
  const sendParts = async ({ data }: SpooledBatch): Promise<boolean> => {
    const { all, withItems } = readRequest(data, signal);
    const parts = await deliver(all, (part) => sendEncoded(withItems(part), part.length));
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
