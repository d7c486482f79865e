import { harmSince } from "../../core/evidence-line.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import type { Route } from "../../core/migration.ts";
import type { Verdict } from "../../core/verdict.ts";
import { describeEntry } from "../describe-entry.ts";
import type { Call, Incident } from "./report.ts";
import { reasonOf, type Step } from "./walk.ts";

type OpenIncident = { -readonly [Key in keyof Incident]: Incident[Key] };

const verdictBehind = ({ event }: LedgerEntry): Verdict | null => {
  if (event.type !== "decision" || !("rule" in event.decision)) return null;
  const { rule } = event.decision;
  return event.judgement?.verdicts.find((each) => each.rule === rule) ?? null;
};

const opened = ({ entry, after, life }: Step): OpenIncident => {
  const verdict = verdictBehind(entry);
  const share = after.rollback?.shareBefore ?? Number.NaN;
  return {
    id: entry.incident,
    life,
    decidedAt: entry.at,
    by: entry.by,
    reason: reasonOf(entry),
    shareBefore: Number.isFinite(share) ? share : null,
    verdict,
    harmSince: verdict === null ? null : harmSince(verdict.evidence),
    flippedAt: null,
    readBackAt: null,
    drainedAt: null,
    overdue: [],
    returned: [],
    failedWrites: 0,
    fallbacks: [],
    toldAt: null,
    acknowledged: "",
    rearmed: null,
  };
};

const nameOf = ({ flag, target }: Route): string => `${flag} (${target})`;

/** What one entry says of the rollback that is open. */
const note = (incident: OpenIncident, { entry, after }: Step, told: ReadonlySet<string>): void => {
  const { event, at, by } = entry;
  incident.flippedAt ??= after.rollback?.flippedAt ?? null;
  if (event.type === "flip-intent" && event.fallback !== undefined) {
    const name = nameOf(event.fallback);
    if (!incident.fallbacks.includes(name)) incident.fallbacks = [...incident.fallbacks, name];
  }
  if (event.type === "flip-result" && event.write.outcome === "failed") incident.failedWrites += 1;
  const isOff = event.type === "flip-readback" && event.confirmed && event.state.share <= 0;
  if (isOff && event.fallback === undefined) incident.readBackAt ??= at;
  if (event.type === "drain-proven") incident.drainedAt = at;
  if (event.type === "drain-overdue") incident.overdue = [...incident.overdue, describeEntry(entry)];
  if (event.type === "drain-reopened") {
    incident.drainedAt = null;
    incident.returned = [...incident.returned, describeEntry(entry)];
  }
  if (event.type === "delivery" && event.delivery.outcome === "delivered" && told.has(event.notice))
    incident.toldAt ??= at;
  if (event.type === "command" && event.command === "ack" && incident.acknowledged === "")
    incident.acknowledged = `${by}: ${event.reason}`;
};

/** Every rollback of a migration, with the times of what followed. */
export const incidentsOf = (steps: readonly Step[]): readonly Incident[] => {
  const incidents: OpenIncident[] = [];
  const told = new Set<string>();
  for (const step of steps) {
    const { entry, before, after } = step;
    if (before.rollback === null && after.rollback !== null) {
      incidents.push(opened(step));
      told.clear();
    }
    const open = incidents.at(-1);
    if (open === undefined || (before.rollback === null && after.rollback === null)) continue;
    if (entry.event.type === "notice" && entry.event.notice.isUrgent === true) told.add(entry.event.notice.id);
    note(open, step, told);
    if (after.rollback === null) open.rearmed = { at: entry.at, by: entry.by, reason: reasonOf(entry) };
  }
  return incidents;
};

/** What people were called for beside rollbacks, and what was told to be over. */
export const callsOf = (steps: readonly Step[]): readonly Call[] =>
  steps.flatMap(({ entry }): readonly Call[] => {
    const { event, at, by } = entry;
    if (event.type !== "decision" || (event.decision.kind !== "pause" && event.decision.kind !== "page")) return [];
    const { decision } = event;
    const kind = decision.kind === "page" && decision.over !== undefined ? "over" : decision.kind;
    return [{ at, kind, by, reason: decision.reason, verdict: verdictBehind(entry) }];
  });
