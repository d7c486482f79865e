import { type Audience, sameAudience } from "../../core/audience.ts";
import { OVERALL, type Tick, UNKNOWN_EFFECT } from "../../core/sample.ts";
import { PACKED_FEATURES } from "../../core/shape-features.ts";
import type { Database } from "../database.ts";
import type { ResolveOutcomes } from "../outcomes/resolve-outcomes.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { OUTCOMES } from "../schema/outcomes.ts";
import { AUDIENCE, CALLS, CLOCK_STEP, DESIGN_EFFECT, LASTING_EFFECT, REST_EFFECT } from "../schema/samples.ts";
import type { FoldRequest } from "../store.ts";
import { assignedCells } from "./assigned-cells.ts";
import { partPrefix } from "./audience-sql.ts";
import { CALLS_OF_RANGE, type CallRange } from "./call-range.ts";
import { type Cell, callsCell, newCells, SLOT_MS } from "./cell.ts";
import type { SegmentedRows } from "./commonest-values.ts";
import { MEASURED_SIGNALS, readNewestEffects } from "./design-effects.ts";
import { readFeatureEffects } from "./feature-effects.ts";
import { heavyCells } from "./heavy-cells.ts";
import { intakeCells } from "./intake-cells.ts";
import type { LastingEffects } from "./lasting-effects.ts";
import { ARRIVED, countedNames, outcomeCells } from "./outcome-cells.ts";
import { outcomeSignals, readOutcomeEffects } from "./outcome-effects.ts";
import { outcomesTold, TICKETS } from "./outcomes-told.ts";
import { readTick } from "./read-ticks.ts";
import { readSlotValues, type SlotValues } from "./slot-values.ts";
import { storeTick } from "./store-tick.ts";
import { storedCells, storedCounts } from "./stored-cells.ts";
import { TICKET_WINDOW_MS, ticketCells } from "./ticket-cells.ts";
import { unassignedCells } from "./unassigned-cells.ts";
import { visibleCells, visibleCounts } from "./visible-cells.ts";

/**
 * How far back of its end a tick looks for calls that arrived late; a longer tick looks back to its own start. A call
 * that arrives later than this is never judged.
 */
export const LOOKBACK_MS = 600_000;

const slotOf = (epochMs: number): number => Math.floor(epochMs / SLOT_MS) * SLOT_MS;

/** The parts of the traffic that are folded by themselves: whom this stage is for, and the next. */
const audiencesOf = ({ audience = null, nextAudience = null }: FoldRequest): readonly Audience[] => [
  ...(audience === null ? [] : [audience]),
  ...(nextAudience === null || sameAudience(audience, nextAudience) ? [] : [nextAudience]),
];

/** A tick without calls still has rows that say so: they are what marks it as judged, and its parts as folded. */
const withCallsRows = (cells: readonly Cell[], slot: number, audiences: readonly Audience[]): readonly Cell[] => {
  const missing = [OVERALL, ...audiences.map(partPrefix)].flatMap((segment) =>
    ["baseline", "canary"]
      .filter((cohort) => !cells.some((c) => c.signal === CALLS && c.segment === segment && c.cohort === cohort))
      .map((cohort) => callsCell(slot, cohort, segment, 0)),
  );
  return [...cells, ...missing];
};

/** Says whom the stage is for. */
const audienceCells = ({ to, audience = null }: FoldRequest): readonly Cell[] =>
  audience === null ? [] : [{ ...callsCell(slotOf(to - 1), "baseline", partPrefix(audience), 1), signal: AUDIENCE }];

/** Minutes in which there are calls that no tick has yet. */
const changedSlots = async (database: Database, range: CallRange): Promise<readonly number[]> => {
  const visible = await visibleCounts(database, range);
  const stored = await storedCounts(database, range);
  return [...visible].filter(([slot, calls]) => calls > (stored.get(slot) ?? 0)).map(([slot]) => slot);
};

const newCallCells = async (
  database: Database,
  range: CallRange,
  { ruleSignals: signals = [] }: FoldRequest,
  values: () => Promise<SlotValues>,
): Promise<readonly Cell[]> => {
  const slots = await changedSlots(database, range);
  if (slots.length === 0) return [];
  return [
    ...(await visibleCells(database, range, slots, await values())),
    ...(await heavyCells(database, range, slots, { values: await values(), signals })),
  ];
};

/** Design effects are renewed this often: they change slowly, and reading them costs more than a tick. */
const RENEW_MS = 600_000;
/** In the first ten minutes of a stage every minute: nothing else says how alike its calls are. */
const YOUNG_MS = 60_000;

/** What is told of a migration of whose calls too few are known to say anything: see detectors/likeness.ts. */
const unknown = (evaluations: readonly string[]) =>
  [...MEASURED_SIGNALS, ...PACKED_FEATURES, ...outcomeSignals(evaluations)].map(
    (name) => [name, UNKNOWN_EFFECT] as const,
  );

const isRenewal = ({ from, to, routing }: FoldRequest): boolean => {
  const isYoung = routing !== undefined && to - routing.stageSince <= RENEW_MS;
  const every = isYoung ? YOUNG_MS : RENEW_MS;
  return Math.floor(from / every) !== Math.floor(to / every);
};

/** Rows with the design effects, on the first tick of every ten minutes. They rest on calls before the tick. */
const designEffectCells = async (
  database: Database,
  request: FoldRequest,
  lasting: LastingEffects,
): Promise<readonly Cell[]> => {
  if (!isRenewal(request)) return [];
  const { migration, from, to, routing, audience = null, evaluations = [] } = request;
  const slot = slotOf(to - 1);
  const cell = (name: string, signal: string, sum: number, n = 0): Cell => ({
    ...callsCell(slot, "baseline", name, n),
    ...{ signal, sum },
  });
  const newest = await readNewestEffects(database, migration, from, audience);
  const known = [
    ...newest.all,
    ...(await readFeatureEffects(database, migration, from)),
    ...(await readOutcomeEffects(database, { migration, to: from, evaluations, audience })),
  ];
  const told = known.length === 0 && routing !== undefined ? unknown(evaluations) : known;
  return [
    ...told.map(([name, sum]) => cell(name, DESIGN_EFFECT, sum)),
    ...newest.rest.map(([name, sum]) => cell(name, REST_EFFECT.momentary, sum)),
    ...(await lasting.read(migration, from)).flatMap(({ name, effect, rest, calls }) => [
      cell(name, LASTING_EFFECT, effect, calls),
      ...(rest === null ? [] : [cell(name, REST_EFFECT.lasting, rest, calls)]),
    ]),
  ];
};

/** Five minutes after the design effects, so that no tick has to wait for both. */
const ASSIGNED_OFFSET_MS = RENEW_MS / 2;

/** Rows that say who was given which arm, on one tick of every ten minutes. */
const renewedAssignment = async (
  database: Database,
  { migration, from, to, routing, audience = null }: FoldRequest,
): Promise<readonly Cell[]> => {
  const turn = (time: number): number => Math.floor((time - ASSIGNED_OFFSET_MS) / RENEW_MS);
  if (routing === undefined || turn(from) === turn(to)) return [];
  return assignedCells(database, { migration, ...routing, to, audience }, slotOf(to - 1));
};

const MINUTE_MS = 60_000;

/** Rows that say what the apps told of their own sending: of whole minutes, one late, when all agents have written. */
const intakeOfMinutes = async (
  database: Database,
  { migration, from, to, routing, match }: FoldRequest,
): Promise<readonly Cell[]> => {
  const minute = (time: number): number => (Math.floor(time / MINUTE_MS) - 1) * MINUTE_MS;
  if (routing === undefined || minute(from) === minute(to)) return [];
  const window = { migration, flag: routing.flag, from: minute(from), to: minute(to) };
  const slot = slotOf(to - 1);
  return [
    ...(await intakeCells(database, window, slot)),
    ...(match === undefined ? [] : await unassignedCells(database, { ...window, match }, slot)),
  ];
};

/** A row that says that the agent's clock was set, on every tick of that time. */
const clockCells = ({ to, clockStepMs }: FoldRequest): readonly Cell[] =>
  clockStepMs === undefined
    ? []
    : [{ ...callsCell(slotOf(to - 1), "baseline", OVERALL, 1), signal: CLOCK_STEP, sum: clockStepMs }];

const newOutcomeCells = async (
  database: Database,
  range: CallRange,
  { evaluations = [] }: FoldRequest,
  values: () => Promise<SlotValues>,
): Promise<readonly Cell[]> => {
  const parts: (readonly Cell[])[] = [];
  let ticket: number | null = null;
  for (const names of countedNames(evaluations)) {
    const { arrived, firstTicket } = await outcomesTold(database, range, names);
    if (arrived > 0) parts.push(await outcomeCells(database, range, await values(), names));
    ticket = firstTicket;
  }
  if (ticket !== null) parts.push(await ticketCells(database, range, await values(), ticket));
  return parts.flat();
};

/** Whose values are counted, to find the commonest: what arrives, and the calls whose hour for a ticket ends. */
const segmentedRows = ({ migration, from, to }: CallRange): readonly SegmentedRows[] => [
  { from: `${SPANS} WHERE ${CALLS_OF_RANGE}`, params: { migration, from, to } },
  { from: `${OUTCOMES} WHERE migration = {migration:String} AND ${ARRIVED}`, params: { migration, from, to } },
  {
    from: `${SPANS} WHERE ${CALLS_OF_RANGE} AND (SELECT count() > 0 FROM ${OUTCOMES} WHERE migration = {migration:String} AND ${TICKETS})`,
    params: { migration, from: from - TICKET_WINDOW_MS, to: to - TICKET_WINDOW_MS },
  },
];

const cellsOfTick = async (
  database: Database,
  request: FoldRequest,
  resolveOutcomes: ResolveOutcomes,
): Promise<readonly Cell[]> => {
  const { migration, from, to, segments: names, segmentOptions: options } = request;
  const audiences = audiencesOf(request);
  const range = { migration, from: slotOf(Math.min(from, to - LOOKBACK_MS)), to };
  await resolveOutcomes(range.from, to);
  let read: Promise<SlotValues> | null = null;
  const values = (): Promise<SlotValues> => {
    read ??= readSlotValues(database, range, { names, options, audiences }, segmentedRows(range));
    return read;
  };
  const visible = [
    ...(await newCallCells(database, range, request, values)),
    ...(await newOutcomeCells(database, range, request, values)),
  ];
  if (visible.length === 0) return [];
  const slots = [...new Set(visible.map(({ slot }) => slot))];
  const cells = newCells(visible, await storedCells(database, range, slots));
  return [...cells, ...(await values()).cells(new Set(cells.map(({ slot }) => slot)))];
};

/** What folding rests on beside the database. */
export interface FoldParts {
  readonly resolveOutcomes: ResolveOutcomes;
  readonly lasting: LastingEffects;
}

/**
 * See Store.foldTick. What a tick holds is what the spans say about each minute, less what earlier ticks have of it:
 * late calls and outcomes land in the next tick, none is counted twice, and a fold that died half-way has changed
 * nothing. All
 * rows go into one block under a token named after the tick, so that of two agents one wins, and both read its rows.
 */
export const foldTick = async (
  database: Database,
  request: FoldRequest,
  { resolveOutcomes, lasting }: FoldParts,
): Promise<Tick> => {
  const { migration, to } = request;
  const existing = await readTick(database, migration, to);
  if (existing !== null) return existing;
  const found = await cellsOfTick(database, request, resolveOutcomes);
  const counted = withCallsRows(found, slotOf(to - 1), audiencesOf(request));
  const cells = [
    ...counted,
    ...audienceCells(request),
    ...(await designEffectCells(database, request, lasting)),
    ...(await renewedAssignment(database, request)),
    ...(await intakeOfMinutes(database, request)),
    ...clockCells(request),
  ];
  return storeTick(database, request, cells);
};
