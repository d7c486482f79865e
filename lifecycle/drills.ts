import { otherwise } from "../core/exhaustive.ts";
import type { DrillDrain, DrillOutcome, Exposure, LedgerEntry, LedgerEvent } from "../core/ledger.ts";
import { drillNumber } from "./ledger-ids.ts";

/** One drill as the ledger has it. Times are epoch ms; null = not yet, or never. */
export interface Drill {
  /** Its name within the migration. */
  readonly drill: string;
  /** Groups its notices, apart from every real incident. */
  readonly incident: string;
  readonly startedAt: number;
  readonly by: string;
  readonly reason: string;
  /** The rule whose breach was made up; empty where no rule rolls back. */
  readonly rule: string;
  /** What the flag served, 0-1. */
  readonly share: number;
  /** What the sender called the request; empty for nothing. */
  readonly key: string;
  /** The decision is on record, and the write is about to be sent. */
  readonly decidedAt: number | null;
  /** The flag system took the write. */
  readonly writtenAt: number | null;
  /** The flag, read back, served no canary. */
  readonly confirmedAt: number | null;
  /** Channels that are to tell of it, and those that have. */
  readonly channels: readonly string[] | null;
  readonly delivered: readonly string[];
  /** When the last of these did. */
  readonly deliveredAt: number | null;
  readonly drain: DrillDrain | null;
  readonly drainedAt: number | null;
  readonly exposure: Exposure | null;
  /** Null while it runs. */
  readonly outcome: DrillOutcome | null;
  /** Empty where there is nothing to be said of the outcome. */
  readonly why: string;
  readonly endedAt: number | null;
  /** The flag serves the stage's share again. */
  readonly restoredAt: number | null;
  /** What it serves then, 0-1; null before, and where somebody else set it. */
  readonly restoredShare: number | null;
}

type Started = Extract<LedgerEvent, { readonly type: "drill-started" }>;

/** What the drills of a migration's incident `life` are told under. */
export const drillIncident = (life: string, drill: string): string => `${life}:drill-${drillNumber(drill)}`;

/** Id of the notice that tells of a drill's rollback. */
const toldId = ({ incident }: Pick<Drill, "incident">): string => `${incident}/told`;

const begun = ({ at, by, incident }: LedgerEntry, { drill, reason, rule, share, key = "" }: Started): Drill => ({
  ...{ drill, by, reason, rule, share, key, startedAt: at, incident: drillIncident(incident, drill) },
  ...{ decidedAt: null, writtenAt: null, confirmedAt: null, channels: null, delivered: [], deliveredAt: null },
  ...{ drain: null, drainedAt: null, exposure: null },
  ...{ outcome: null, why: "", endedAt: null, restoredAt: null, restoredShare: null },
});

/** What one more entry says of the newest drill; flips are its own as long as it has not ended. */
const told = (drill: Drill, { at, event }: LedgerEntry): Drill => {
  if ("drill" in event && event.drill !== drill.drill) return drill;
  const isOwn = drill.endedAt === null && !("fallback" in event && event.fallback !== undefined);
  switch (event.type) {
    case "flip-intent":
      return isOwn && event.share === 0 ? { ...drill, decidedAt: drill.decidedAt ?? at } : drill;
    case "flip-result":
      return isOwn && event.write.outcome !== "failed" ? { ...drill, writtenAt: drill.writtenAt ?? at } : drill;
    case "flip-readback":
      return isOwn && event.confirmed && event.state.share <= 0
        ? { ...drill, writtenAt: drill.writtenAt ?? at, confirmedAt: drill.confirmedAt ?? at }
        : drill;
    case "notice":
      return event.notice.id === toldId(drill) ? { ...drill, channels: event.channels } : drill;
    case "delivery": {
      const isIt = event.notice === toldId(drill) && event.delivery.outcome === "delivered";
      return isIt ? { ...drill, delivered: [...drill.delivered, event.channel], deliveredAt: at } : drill;
    }
    case "drill-drained":
      return { ...drill, drain: event.drain, drainedAt: at, exposure: event.exposure };
    case "drill-ended":
      return drill.endedAt === null ? { ...drill, endedAt: at, outcome: event.outcome, why: event.why } : drill;
    case "drill-restored":
      return { ...drill, restoredAt: at, restoredShare: event.share };
    case "started":
    case "rehashed":
    case "document":
    case "standing":
    case "verdict":
    case "finding":
    case "decision":
    case "command":
    case "approval":
    case "revision-approval":
    case "triaged":
    case "labelled":
    case "drain-proven":
    case "drain-overdue":
    case "drain-reopened":
    case "retirement":
    case "revision-pending":
    case "revision-gone":
    case "approval-due":
    case "drill-started":
    case "claim":
    case "silence":
    case "silence-ended":
      return drill;
    default:
      return otherwise(event, drill);
  }
};

/** Every drill of a ledger, oldest first; of all its lives. `entries`: one migration's, oldest first. Pure. */
export const drillsOf = (entries: readonly LedgerEntry[]): readonly Drill[] => {
  const drills: Drill[] = [];
  for (const entry of entries) {
    const { event } = entry;
    if (event.type === "drill-started") drills.push(begun(entry, event));
    const last = drills.at(-1);
    if (last !== undefined) drills[drills.length - 1] = told(last, entry);
  }
  return drills;
};

/** The newest drill, which may still run; null where there was none. */
export const newestDrill = (entries: readonly LedgerEntry[]): Drill | null => drillsOf(entries).at(-1) ?? null;

/** How long each step of a drill took, ms; null = it was not taken, or not yet. */
export interface DrillSteps {
  /** From the request until the decision was on record. */
  readonly decision: number | null;
  /** Until the flag system took the write. */
  readonly flip: number | null;
  /** Until the flag was read back as it should be. */
  readonly readBack: number | null;
  /** From the flag's reading until every channel had told people. */
  readonly people: number | null;
  /** From the flag's reading until the spans proved that canary calls had stopped, or could not in time. */
  readonly drain: number | null;
  /** From the end until the flag served the stage's share again. */
  readonly restore: number | null;
}

const between = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : Math.max(0, to - from);

const isTold = ({ channels, delivered }: Drill): boolean =>
  channels?.every((channel) => delivered.includes(channel)) === true;

/** The steps of a drill. */
export const drillSteps = (drill: Drill): DrillSteps => ({
  decision: between(drill.startedAt, drill.decidedAt),
  flip: between(drill.decidedAt, drill.writtenAt),
  readBack: between(drill.writtenAt, drill.confirmedAt),
  people: isTold(drill) ? between(drill.confirmedAt, drill.deliveredAt) : null,
  drain: between(drill.confirmedAt, drill.drainedAt),
  restore: between(drill.endedAt, drill.restoredAt),
});

/** From the request to the proof by the spans, ms; null without one. */
export const decisionToProofMs = ({ startedAt, drain, drainedAt }: Drill): number | null =>
  drain === "proven" ? between(startedAt, drainedAt) : null;

/** From the request to the flag's reading, ms; null without one. */
export const decisionToFlipMs = ({ startedAt, confirmedAt }: Drill): number | null => between(startedAt, confirmedAt);

/** How the last drill that is over ended: what a check before a stage asks for. */
export interface LastDrill {
  /** When it ended, epoch ms. */
  readonly at: number;
  readonly outcome: DrillOutcome;
  /** One line; empty where there is nothing to be said. */
  readonly why: string;
  /** From the request to the proof by the spans, or without one to the flag's reading, seconds; null without either. */
  readonly seconds: number | null;
}

/** The last drill of a ledger that is over; null where none is. `entries`: one migration's, oldest first. Pure. */
export const lastDrill = (entries: readonly LedgerEntry[]): LastDrill | null => {
  const drill = drillsOf(entries).findLast(({ outcome }) => outcome !== null);
  if (drill === undefined || drill.outcome === null || drill.endedAt === null) return null;
  const ms = decisionToProofMs(drill) ?? decisionToFlipMs(drill);
  return { at: drill.endedAt, outcome: drill.outcome, why: drill.why, seconds: ms === null ? null : ms / 1000 };
};
