import type { Migration } from "../../core/migration.ts";
import { commandKey } from "../ledger-ids.ts";
import { advancedTo } from "../moves.ts";
import { moved } from "../news.ts";
import type { MigrationState } from "../state.ts";
import { type CommandType, whileRolledBack } from "./command-type.ts";

const movedOn = (migration: Migration, state: MigrationState, stage: number): string => {
  const count = migration.stages.length;
  const now = state.stage < count ? `it is at stage ${state.stage + 1} now` : "its last stage is done now";
  return `advance was given for stage ${stage + 1} of ${count}; ${now}`;
};

/** Goes to the next stage. It is given for one stage, so that two people who say so at once do not skip the next. */
export const advance: CommandType = {
  help: "go to the next stage",
  done: "advanced to the next stage",
  isForStage: true,
  isUrgent: false,
  movesFlag: true,
  refuse: (migration, state, { by, stage: given = state.stage }) => {
    const latched = whileRolledBack(state);
    if (latched !== null) return latched;
    if (given !== state.stage) return movedOn(migration, state, given);
    if (state.isPaused) return "it is paused; resume it first";
    const stage = migration.stages[state.stage];
    if (stage === undefined) return "the last stage is done";
    const needsApprover = stage.approval && migration.approvers.length > 0 && !migration.approvers.includes(by);
    return needsApprover ? `this stage needs one of its approvers (${migration.approvers.join(", ")})` : null;
  },
  key: (life) => commandKey(life, "advance", life.stage),
  apply: (state, migration, { event, at }) => advancedTo(state, migration, (event.stage ?? state.stage) + 1, at),
  news: (entry, stage) => moved(stage, (entry.event.stage ?? stage) + 1, entry, entry.event.reason),
};
