import { OVERALL, type Tick } from "../../core/sample.ts";
import type { Database } from "../database.ts";
import type { ResolveOutcomes } from "../outcomes/resolve-outcomes.ts";
import { CALLS, CLOCK_STEP, DESIGN_EFFECT } from "../schema/samples.ts";
import type { FoldRequest } from "../store.ts";
import { assignedCells } from "./assigned-cells.ts";
import { type Cell, callsCell, newCells, SLOT_MS } from "./cell.ts";
import { readDesignEffects } from "./design-effects.ts";
import { readFeatureEffects } from "./feature-effects.ts";
import { intakeCells } from "./intake-cells.ts";
import { countedNames, outcomeCells } from "./outcome-cells.ts";
import { outcomesTold } from "./outcomes-told.ts";
import { readTick } from "./read-ticks.ts";
import { storeTick } from "./store-tick.ts";
import { storedCells, storedCounts } from "./stored-cells.ts";
import { ticketCells } from "./ticket-cells.ts";
import { type CallRange, visibleCells, visibleCounts } from "./visible-cells.ts";

/**
 * How far back of its end a tick looks for calls that arrived late; a longer tick looks back to its own start. A call
 * that arrives later than this is never judged.
 */
export const LOOKBACK_MS = 600_000;

const slotOf = (epochMs: number): number => Math.floor(epochMs / SLOT_MS) * SLOT_MS;

/** A tick without calls still has rows that say so: they are what marks it as judged. */
const withCallsRows = (cells: readonly Cell[], slot: number): readonly Cell[] => {
  const missing = ["baseline", "canary"].filter(
    (cohort) => !cells.some((cell) => cell.signal === CALLS && cell.segment === OVERALL && cell.cohort === cohort),
  );
  return [...cells, ...missing.map((cohort) => callsCell(slot, cohort, OVERALL, 0))];
};

/** Minutes in which there are calls that no tick has yet. */
const changedSlots = async (database: Database, range: CallRange): Promise<readonly number[]> => {
  const visible = await visibleCounts(database, range);
  const stored = await storedCounts(database, range);
  return [...visible].filter(([slot, calls]) => calls > (stored.get(slot) ?? 0)).map(([slot]) => slot);
};

const newCallCells = async (
  database: Database,
  range: CallRange,
  segments: readonly string[],
): Promise<readonly Cell[]> => {
  const slots = await changedSlots(database, range);
  return slots.length === 0 ? [] : visibleCells(database, range, slots, segments);
};

/** Design effects are renewed this often: they change slowly, and reading them costs more than a tick. */
const RENEW_MS = 600_000;

/** Rows with the design effects, on the first tick of every ten minutes. They rest on calls before the tick. */
const designEffectCells = async (
  database: Database,
  { migration, from, to }: FoldRequest,
): Promise<readonly Cell[]> => {
  if (Math.floor(from / RENEW_MS) === Math.floor(to / RENEW_MS)) return [];
  const effects = [
    ...(await readDesignEffects(database, migration, from)),
    ...(await readFeatureEffects(database, migration, from)),
  ];
  const slot = slotOf(to - 1);
  return effects.map(([signal, sum]) => ({
    ...callsCell(slot, "baseline", signal, 0),
    signal: DESIGN_EFFECT,
    sum,
  }));
};

/** Five minutes after the design effects, so that no tick has to wait for both. */
const ASSIGNED_OFFSET_MS = RENEW_MS / 2;

/** Rows that say who was given which arm, on one tick of every ten minutes. */
const renewedAssignment = async (
  database: Database,
  { migration, from, to, routing }: FoldRequest,
): Promise<readonly Cell[]> => {
  const turn = (time: number): number => Math.floor((time - ASSIGNED_OFFSET_MS) / RENEW_MS);
  if (routing === undefined || turn(from) === turn(to)) return [];
  return assignedCells(database, { migration, ...routing, to }, slotOf(to - 1));
};

const MINUTE_MS = 60_000;

/** Rows that say what the apps told of their own sending: of whole minutes, one late, when all agents have written. */
const intakeOfMinutes = async (
  database: Database,
  { migration, from, to, routing }: FoldRequest,
): Promise<readonly Cell[]> => {
  const minute = (time: number): number => (Math.floor(time / MINUTE_MS) - 1) * MINUTE_MS;
  if (routing === undefined || minute(from) === minute(to)) return [];
  const window = { migration, flag: routing.flag, from: minute(from), to: minute(to) };
  return intakeCells(database, window, slotOf(to - 1));
};

/** A row that says that the agent's clock was set, on every tick of that time. */
const clockCells = ({ to, clockStepMs }: FoldRequest): readonly Cell[] =>
  clockStepMs === undefined
    ? []
    : [{ ...callsCell(slotOf(to - 1), "baseline", OVERALL, 1), signal: CLOCK_STEP, sum: clockStepMs }];

const newOutcomeCells = async (
  database: Database,
  range: CallRange,
  { segments, evaluations = [] }: FoldRequest,
): Promise<readonly Cell[]> => {
  const parts: (readonly Cell[])[] = [];
  let ticket: number | null = null;
  for (const names of countedNames(evaluations)) {
    const { arrived, firstTicket } = await outcomesTold(database, range, names);
    if (arrived > 0) parts.push(await outcomeCells(database, range, segments, names));
    ticket = firstTicket;
  }
  if (ticket !== null) parts.push(await ticketCells(database, range, segments, ticket));
  return parts.flat();
};

const cellsOfTick = async (
  database: Database,
  request: FoldRequest,
  resolveOutcomes: ResolveOutcomes,
): Promise<readonly Cell[]> => {
  const { migration, from, to, segments } = request;
  const range = { migration, from: slotOf(Math.min(from, to - LOOKBACK_MS)), to };
  await resolveOutcomes(range.from, to);
  const visible = [
    ...(await newCallCells(database, range, segments)),
    ...(await newOutcomeCells(database, range, request)),
  ];
  if (visible.length === 0) return [];
  const slots = [...new Set(visible.map(({ slot }) => slot))];
  return newCells(visible, await storedCells(database, range, slots));
};

/**
 * See Store.foldTick. What a tick holds is what the spans say about each minute, less what earlier ticks have of it:
 * late calls and outcomes land in the next tick, none is counted twice, and a fold that died half-way has changed
 * nothing. All
 * rows go into one block under a token named after the tick, so that of two agents one wins, and both read its rows.
 */
export const foldTick = async (
  database: Database,
  request: FoldRequest,
  resolveOutcomes: ResolveOutcomes,
): Promise<Tick> => {
  const { migration, to } = request;
  const existing = await readTick(database, migration, to);
  if (existing !== null) return existing;
  const counted = withCallsRows(await cellsOfTick(database, request, resolveOutcomes), slotOf(to - 1));
  const cells = [
    ...counted,
    ...(await designEffectCells(database, request)),
    ...(await renewedAssignment(database, request)),
    ...(await intakeOfMinutes(database, request)),
    ...clockCells(request),
  ];
  return storeTick(database, request, cells);
};
