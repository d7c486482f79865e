import type { LedgerEntry } from "../../core/ledger.ts";
import type { CanaryStage, Migration } from "../../core/migration.ts";

/** Share of each stage that the ledger tells of, by index. */
const sharesIn = (entries: readonly LedgerEntry[]): ReadonlyMap<number, number> => {
  const shares = new Map<number, number>();
  const see = (stage: number, share: number): void => {
    if (Number.isSafeInteger(stage) && stage >= 0 && stage < 1000) shares.set(stage, share);
  };
  for (const { event } of entries) {
    if (event.type === "started") see(event.stage, event.share);
    if (event.type === "standing" && event.standing === "running") see(event.stage, event.share);
    if (event.type === "decision" && event.decision.kind === "advance" && !shares.has(event.decision.toStage))
      see(event.decision.toStage, Number.NaN);
    if (event.type === "command" && event.stage !== undefined && !shares.has(event.stage)) see(event.stage, Number.NaN);
  }
  return shares;
};

const stagesIn = (entries: readonly LedgerEntry[]): readonly CanaryStage[] => {
  const shares = sharesIn(entries);
  const count = Math.max(1, ...[...shares.keys()].map((stage) => stage + 1));
  return Array.from({ length: count }, (_, i) => ({
    kind: "canary",
    share: shares.get(i) ?? Number.NaN,
    forMs: Number.POSITIVE_INFINITY,
    approval: false,
  }));
};

const UNKNOWN_MODEL = { model: "unknown", provider: null, prompt: null } as const;

/**
 * What a ledger tells of its document, where that is gone: as many stages as were reached, no times and no rules. Only
 * good for folding; NaN is a share nobody wrote down.
 */
export const migrationOfLedger = (name: string, entries: readonly LedgerEntry[]): Migration => ({
  name,
  hash: entries.flatMap(({ event }) => (event.type === "started" ? [event.hash] : []))[0] ?? "",
  earlierHashes: [],
  owner: "unknown",
  approvers: [],
  baseline: UNKNOWN_MODEL,
  candidate: UNKNOWN_MODEL,
  match: { service: null, operation: null },
  route: { flag: "unknown", target: "unknown" },
  segments: [],
  stages: stagesIn(entries),
  rules: [],
});
