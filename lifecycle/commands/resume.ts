import { commandKey } from "../ledger-ids.ts";
import { type CommandType, noNews, whileRolledBack } from "./command-type.ts";
import { countPauses } from "./pauses.ts";

/** Ends a pause, the agent's or a person's. */
export const resume: CommandType = {
  help: "end a pause",
  done: "resumed",
  isForStage: false,
  isUrgent: false,
  movesFlag: false,
  refuse: (_migration, state) => whileRolledBack(state) ?? (state.isPaused ? null : "it is not paused"),
  key: (life, entries) => commandKey(life, "resume", countPauses(entries, life.since)),
  apply: (state) => ({ ...state, isPaused: false }),
  news: noNews,
};
