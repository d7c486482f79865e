import { withinOrAbort } from "../async/within-or-abort.ts";
import type { Log } from "../core/log.ts";
import type { Channel } from "./channels/channel.ts";
import type { OpenIncidents } from "./open-incidents.ts";

/** What it is done with. */
export interface KeepAliveParts {
  readonly incidents: Pick<OpenIncidents, "of">;
  /** How long one try may take, ms. */
  readonly tryTimeoutMs: number;
  readonly now: () => number;
  readonly log: Log;
}

/** Not more often than this is what failed told again, ms. */
const PAUSE_MS = 10_000;

/**
 * Tells the open incidents of one channel again when it is time, one after the other; after a start, those at once whose time
 * is over. Every agent does it: who is told twice notices nothing. What fails is in the log, and told again soon. Never rejects.
 */
export const createKeepAlive = (
  { name, keepAlive }: Channel,
  { incidents, tryTimeoutMs, now, log }: KeepAliveParts,
): (() => Promise<void>) => {
  const dueAt = new Map<string, number>();
  let failing = false;

  const report = (detail: string | null): void => {
    if (detail !== null && !failing)
      log.warn("an open incident could not be told again; it may seem to be over there", {
        channel: name,
        why: detail,
      });
    failing = detail !== null;
  };

  return async () => {
    if (keepAlive === undefined) return;
    const open = incidents.of(name);
    const isOpen = new Set(open.map(({ incident }) => incident));
    for (const incident of dueAt.keys()) if (!isOpen.has(incident)) dueAt.delete(incident);
    for (const { incident } of open) {
      // Its end may have come while another was told.
      const still = incidents.of(name).find((each) => each.incident === incident);
      if (still === undefined || now() < Math.max(dueAt.get(incident) ?? 0, still.toldAt + keepAlive.everyMs)) continue;
      const late = { outcome: "retry", detail: "no answer in time", retryAfterMs: null } as const;
      const delivery = await withinOrAbort(tryTimeoutMs, (signal) => keepAlive.send(still.notices, signal), late);
      const waitMs = delivery.outcome === "retry" ? Math.max(PAUSE_MS, delivery.retryAfterMs ?? 0) : keepAlive.everyMs;
      dueAt.set(incident, now() + waitMs);
      report(delivery.outcome === "delivered" ? null : delivery.detail);
      // The others would hang as long.
      if (delivery.outcome === "retry") return;
    }
  };
};
