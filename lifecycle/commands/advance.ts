import type { Migration } from "../../core/migration.ts";
import { needsApproval, stageName } from "../approvals.ts";
import { refuseApprover } from "../approver.ts";
import { commandKey } from "../ledger-ids.ts";
import { advancedTo } from "../moves.ts";
import { moved } from "../news.ts";
import type { MigrationState } from "../state.ts";
import { type CommandType, whileRolledBack } from "./command-type.ts";

const movedOn = (migration: Migration, state: MigrationState, stage: number): string => {
  const count = migration.stages.length;
  const now = state.stage < count ? `it is at ${stageName(state.stage)} now` : "its last stage is done now";
  return `advance was given for ${stageName(stage)} of ${count}; ${now}`;
};

/** Goes to the next stage. It is given for one stage, so that two people who say so at once do not skip the next. */
export const advance: CommandType = {
  help: "go to the next stage",
  done: "advanced to the next stage",
  defaultReason: null,
  isForStage: true,
  isUrgent: false,
  movesFlag: true,
  refuse: (migration, state, request) => {
    const { stage: given = state.stage } = request;
    const latched = whileRolledBack(state);
    if (latched !== null) return latched;
    if (given !== state.stage) return movedOn(migration, state, given);
    if (state.isPaused) return "it is paused; resume it first";
    if (state.stage >= migration.stages.length) return "the last stage is done";
    if (state.drill !== null) return "a drill is under way; try again when it is over, in about a minute";
    return needsApproval(migration, state) ? refuseApprover(migration, request, { given: state }) : null;
  },
  key: (life) => commandKey(life, "advance", life.stage),
  apply: (state, migration, { event, at }) => advancedTo(state, migration, (event.stage ?? state.stage) + 1, at),
  news: (entry, place) => moved((entry.event.stage ?? place.stage) + 1, entry, entry.event.reason, place),
};
