import type { Migration } from "../core/migration.ts";
import { utcStamp } from "../core/utc-text.ts";
import type { Judgement } from "../core/verdict.ts";
import { BEFORE_FIRST, waitsForChecks } from "./approvals.ts";
import { closedText, closedUntil } from "./calendar.ts";
import { blockMeaning, gateHolds, type Held, needsOnlyCalls, notWaitedFor, type StageBlock } from "./gate.ts";
import { failedLines, type PreflightCheck } from "./preflight.ts";
import type { MigrationState } from "./state.ts";

/** Why a stage goes on although its time is up. */
export interface StageHold {
  /** One line: what keeps it, and by which rules, the gravest first. */
  readonly reason: string;
  /** Empty where the hour alone does. */
  readonly blocks: readonly StageBlock[];
}

const describe = (block: StageBlock, held: readonly Held[]): string => {
  const rules = held.map(({ rule }) => rule).filter((rule) => rule !== "");
  return rules.length === 0 ? blockMeaning(block) : `${blockMeaning(block)} (${rules.join("; ")})`;
};

const isTimeUp = (
  { stages }: Migration,
  { stage, stageSince, isPaused }: MigrationState,
  judgement: Judgement,
  now: number,
): boolean => {
  const current = stages[stage];
  return current !== undefined && !isPaused && judgement.stage === stage && now - stageSince >= current.forMs;
};

const timeIsUp = ({ stages }: Migration, stage: number): string =>
  `the time of stage ${stage + 1} of ${stages.length} is up and it does not end`;

const notWaited = (migration: Migration, stage: number): string => {
  const current = migration.stages[stage];
  const others = current === undefined ? [] : notWaitedFor(migration, current);
  return others.length === 0 ? "" : `; its gate does not wait for ${others.join(", ")}`;
};

/** What keeps the first stage from beginning where no person has to approve it; null when nothing does, and under a pause. */
export const entryHold = (
  migration: Migration,
  state: MigrationState,
  checks: readonly PreflightCheck[] | null,
): StageHold | null => {
  const lines = failedLines(checks);
  if (state.hash === null || state.isPaused || !waitsForChecks(migration, state) || lines.length === 0) return null;
  const first = `the first of ${migration.stages.length} stages does not begin`;
  return {
    reason: `${first}: ${describe(
      "preflight",
      lines.map((rule): Held => ({ block: "preflight", rule })),
    )}`,
    blocks: ["preflight"],
  };
};

/** What keeps the stage at hand from ending but the hour; null while it has time, when nothing does, and under a pause. */
export const gateHold = (
  migration: Migration,
  state: MigrationState,
  judgement: Judgement,
  now: number,
  checks: readonly PreflightCheck[] | null = null,
): StageHold | null => {
  const { stage } = state;
  if (stage === BEFORE_FIRST) return entryHold(migration, state, checks);
  if (!isTimeUp(migration, state, judgement, now)) return null;
  const notReady = failedLines(checks).map((rule): Held => ({ block: "preflight", rule }));
  const held = [...notReady, ...gateHolds(migration, { stage }, judgement)];
  if (held.length === 0) return null;
  const why = [...Map.groupBy(held, ({ block }) => block)]
    .sort(([a], [b]) => Number(needsOnlyCalls(a)) - Number(needsOnlyCalls(b)))
    .map(([block, all]) => describe(block, all));
  return {
    reason: `${timeIsUp(migration, stage)}: ${why.join("; ")}${notWaited(migration, stage)}`,
    blocks: [...new Set(held.map(({ block }) => block))],
  };
};

/** What keeps the stage at hand from ending, the hour too; null while it has time, when nothing does, and under a pause. */
export const stageHold = (
  migration: Migration,
  state: MigrationState,
  judgement: Judgement,
  now: number,
  checks: readonly PreflightCheck[] | null = null,
): StageHold | null => {
  const gate = gateHold(migration, state, judgement, now, checks);
  const { not = [] } = migration;
  const until = isTimeUp(migration, state, judgement, now) ? closedUntil(not, now) : null;
  if (until === null) return gate;
  const opens = until === "never" ? "no time is left open" : `before ${utcStamp(until)}`;
  const hour = `no stage ends ${opens} (not: ${not.map(closedText).join(", ")})`;
  const reason = gate === null ? `${timeIsUp(migration, state.stage)}: ${hour}` : `${gate.reason}; ${hour}`;
  return { reason, blocks: gate?.blocks ?? [] };
};
