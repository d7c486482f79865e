import { commandKey } from "../ledger-ids.ts";
import { type CommandType, noNews, whileRolledBack } from "./command-type.ts";
import { countPauses } from "./pauses.ts";

/** Stops the ramp; rollback rules are judged on. */
export const pause: CommandType = {
  help: "stop the ramp, keep the share",
  done: "paused; rollback rules are judged on",
  defaultReason: null,
  isForStage: false,
  isUrgent: false,
  movesFlag: false,
  refuse: (_migration, state) => whileRolledBack(state) ?? (state.isPaused ? "it is paused already" : null),
  key: (life, entries) => commandKey(life, "pause", countPauses(entries, life.since)),
  apply: (state) => ({ ...state, isPaused: true }),
  news: noNews,
};
