import type { Exposure } from "../core/ledger.ts";
import { type CanaryCall, senderKey, senderText } from "../core/sender-calls.ts";
import type { OpenRollback } from "./state.ts";

/**
 * Whether a canary call started after the proof. Of a sender that the proof knows, by its own clock, as far as that had
 * been heard by then; else, and where the sender's clock was set back since, by the agent's.
 */
const isReturned = (
  call: CanaryCall,
  { provenUntil, provenSenders }: Pick<OpenRollback, "provenUntil" | "provenSenders">,
): boolean => {
  const startedLater = call.startedAt >= (provenUntil ?? Number.POSITIVE_INFINITY);
  const known = provenSenders.find((sender) => senderKey(sender) === senderKey(call));
  if (known === undefined) return startedLater;
  return call.ownStart >= known.until || (call.clockSkewMs < 0 && startedLater);
};

/** Those of `calls` that undo the proof; null where none does. `now` is epoch ms. Pure. */
export const returnedCalls = (
  calls: readonly CanaryCall[],
  rollback: Pick<OpenRollback, "provenUntil" | "provenSenders">,
  now: number,
): Exposure | null => {
  const returned = calls.filter((call) => isReturned(call, rollback));
  if (returned.length === 0) return null;
  return {
    since: rollback.provenUntil ?? now,
    until: now,
    canaryCalls: returned.length,
    baselineCalls: 0,
    lastCanaryStart: returned.reduce((last, { startedAt }) => Math.max(last, startedAt), 0),
    instances: [...new Set(returned.map(senderText))].sort().slice(0, MAX_NAMED),
  };
};

/** More senders than this are not named one by one. */
const MAX_NAMED = 100;
