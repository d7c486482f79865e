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
  key: ({ since }, entries) => `command:${since}:resume:${countPauses(entries, since)}`,
  apply: (state) => ({ ...state, isPaused: false }),
  news: noNews,
};
