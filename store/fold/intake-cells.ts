import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { INTAKE_TOTALS } from "../schema/intake.ts";
import { MINUTES } from "../schema/llm-1m.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { EVALUATIONS, LOSSES } from "../schema/samples.ts";
import { type Cell, callsCell } from "./cell.ts";

/** A service that made calls of the migration within this time is one of its own. */
const ACTIVE_MS = 3_600_000;

/** Totals are written when they change, and every hour: what was not written for a day is no process any more. */
const KNOWN_MS = 86_400_000;

/** Two runs of the agent that were both heard of within this time both receive calls of one process, or did. */
const SHARED_MS = 7_200_000;

interface Total {
  readonly kind: "dropped" | "missing" | "evaluated";
  readonly service: string;
  readonly subject: string;
  readonly variant: string;
  readonly agent: string;
  /** Newest total before the window, and whether there was one. */
  readonly before: number;
  readonly known: 0 | 1;
  /** Newest total in it or before. */
  readonly now: number;
  /** 1 when it was written within SHARED_MS. */
  readonly alive: 0 | 1;
}

const TOTALS = `SELECT kind, service, subject, variant, agent,
  argMaxIf(total, at, at < ${momentOf("from")}) AS before, countIf(at < ${momentOf("from")}) > 0 AS known,
  argMax(total, at) AS now, max(at) >= ${momentOf("sharedSince")} AS alive
FROM ${INTAKE_TOTALS}
WHERE (has({services:Array(String)}, service) OR (kind = 'evaluated' AND subject = {flag:String}))
  AND at >= ${momentOf("knownSince")} AND at < ${momentOf("to")}
GROUP BY kind, service, subject, variant, agent`;

const SERVICES = `SELECT service, sumIf(calls, minute >= ${momentOf("from")}) AS calls FROM ${MINUTES}
WHERE minute >= ${momentOf("activeSince")} AND minute < ${momentOf("to")} AND service IN (
  SELECT service FROM ${MINUTES}
  WHERE migration = {migration:String} AND minute >= ${momentOf("activeSince")} AND minute < ${momentOf("to")})
GROUP BY service ORDER BY service`;

/** A call that comes in later than this is in no tick (LOOKBACK_MS of fold-tick.ts, and a minute): it is as good as lost. */
const JUDGED_MS = 660_000;

/** How far back such calls are looked for. */
const STRAY_MS = 7 * 86_400_000;

const STRAYS = `SELECT service, uniqExact(trace_id, span_id) AS strays FROM ${SPANS}
WHERE migration = {migration:String} AND cohort IN ('baseline', 'canary')
  AND received_ms >= ${momentOf("from")} AND received_ms < ${momentOf("to")}
  AND end_ms >= ${momentOf("straySince")} AND end_ms < ${momentOf("judgedSince")}
  AND ${epochOf("received_ms")} - ${epochOf("end_ms")} > ${JUDGED_MS}
GROUP BY service`;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A process counts what it dropped itself, and tells every agent the same: the largest number is the newest. */
const droppedIn = (totals: readonly Total[]): number => {
  const known = totals.filter((total) => total.known === 1);
  // What a process dropped before it was first heard of was dropped before this stage, for all anybody knows.
  if (known.length === 0) return 0;
  return Math.max(0, Math.max(...totals.map(({ now }) => now)) - Math.max(...known.map(({ before }) => before)));
};

/**
 * Gaps in the numbers of a process's calls, as one run of the agent sees them. Where two receive its calls each sees
 * the other's as gaps, and nothing can be told. Less than zero when late calls have filled some.
 */
const missingIn = (totals: readonly Total[]): number =>
  totals.filter(({ alive }) => alive === 1).length > 1 ? 0 : sum(totals.map(({ now, before }) => now - before));

/** Calls of a service that were lost in the window, as far as is known. */
export const lostIn = (totals: readonly Total[]): number => {
  const perInstance = Map.groupBy(totals, ({ kind, subject }) => `${kind} ${subject}`);
  return sum(
    [...perInstance.values()].map((each) => (each[0]?.kind === "dropped" ? droppedIn(each) : missingIn(each))),
  );
};

/** The window [from, to) of whole minutes that is asked about, epoch ms. */
export interface IntakeRequest {
  readonly migration: string;
  readonly flag: string;
  readonly from: number;
  readonly to: number;
}

/**
 * What the apps said of the window: per service of the migration the calls that were lost beside those that arrived,
 * and how often its flag served each arm, where evaluations are told about.
 */
export const intakeCells = async (
  database: Database,
  { migration, flag, from, to }: IntakeRequest,
  slot: number,
): Promise<readonly Cell[]> => {
  const range = { migration, from, to, activeSince: to - ACTIVE_MS };
  const services = await database.query<{ service: string; calls: number }>(SERVICES, range);
  if (services.length === 0) return [];
  const totals = await database.query<Total>(TOTALS, {
    ...{ from, to, flag, services: services.map(({ service }) => service) },
    ...{ knownSince: to - KNOWN_MS, sharedSince: to - SHARED_MS },
  });
  const strays = await database.query<{ service: string; strays: number }>(STRAYS, {
    ...{ migration, from, to, straySince: to - STRAY_MS, judgedSince: to - JUDGED_MS },
  });
  const straysOf = (name: string): number => strays.find(({ service }) => service === name)?.strays ?? 0;
  const losses = services.map(({ service, calls }) => ({
    ...callsCell(slot, "baseline", service, calls),
    signal: LOSSES,
    sum: lostIn(totals.filter((total) => total.kind !== "evaluated" && total.service === service)) + straysOf(service),
  }));
  const evaluated = totals.filter(({ kind, subject }) => kind === "evaluated" && subject === flag);
  const evaluations = (["baseline", "canary"] as const).map((arm) => ({
    ...callsCell(
      slot,
      arm,
      "",
      sum(evaluated.filter(({ variant }) => variant === arm).map(({ now, before }) => now - before)),
    ),
    signal: EVALUATIONS,
  }));
  return evaluated.length === 0 ? losses : [...losses, ...evaluations];
};
