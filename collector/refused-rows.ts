import type { CollectorCounters } from "./collector-stats.ts";
import type { RefusalLog, RowRefusal } from "./refusal-log.ts";

/** The spans or outcomes of one request that cannot become rows. */
export interface RefusedRows {
  readonly add: (reason: RowRefusal, service: string) => void;
  /** Counts them and tells of them; how many there are, by reason. */
  readonly settle: () => ReadonlyMap<string, number>;
}

/** None yet. */
export const createRefusedRows = (counters: CollectorCounters, log: RefusalLog): RefusedRows => {
  const services = new Map<RowRefusal, Set<string>>();
  const counts = new Map<RowRefusal, number>();
  return {
    add(reason, service) {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
      services.set(reason, (services.get(reason) ?? new Set()).add(service));
    },
    settle() {
      for (const [reason, count] of counts) counters.refused[reason] += count;
      for (const [reason, names] of services) for (const service of names) log.tell(service, reason);
      return counts;
    },
  };
};
