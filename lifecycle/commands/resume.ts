import { commandKey } from "../ledger-ids.ts";
import { callOver } from "../moves.ts";
import { areSettled } from "../watched.ts";
import { type CommandType, noNews, whileRolledBack } from "./command-type.ts";
import { countPauses } from "./pauses.ts";

/** Ends a pause, the agent's or a person's. */
export const resume: CommandType = {
  help: "end a pause",
  done: "resumed",
  defaultReason: null,
  isForStage: false,
  isUrgent: false,
  movesFlag: false,
  refuse: (_migration, state) => whileRolledBack(state) ?? (state.isPaused ? null : "it is not paused"),
  key: (life, entries) => commandKey(life, "resume", countPauses(entries, life.since)),
  apply: (state) => {
    const resumed = { ...state, isPaused: false };
    // Who lets the ramp go on has seen why it stopped; what is critical beside it ends by itself, before or after.
    return state.call?.isCritical === false || areSettled(resumed) ? callOver(resumed) : resumed;
  },
  news: noNews,
};
