import { commandKey } from "../ledger-ids.ts";
import { rolledBack } from "../moves.ts";
import { type CommandType, noNews, whileRolledBack } from "./command-type.ts";

/** Switches the canary off now. People are told when the flag follows, not when it is asked to. */
export const rollback: CommandType = {
  help: "switch the canary off now",
  done: "rolled back; the spans are watched until canary calls stop: leeway status",
  isForStage: false,
  isUrgent: true,
  movesFlag: true,
  refuse: (_migration, state) => whileRolledBack(state),
  key: (life) => commandKey(life, "rollback"),
  apply: rolledBack,
  news: noNews,
};
