import { commandKey } from "../ledger-ids.ts";
import { abandoned, rolledBack } from "../moves.ts";
import { type CommandType, whileRolledBack } from "./command-type.ts";

/** Switches the canary off now. People are told when the flag follows, not when it is asked to. */
export const rollback: CommandType = {
  help: "switch the canary off now",
  done: "rolled back; the spans are watched until canary calls stop: leeway status",
  defaultReason: null,
  isForStage: false,
  isUrgent: true,
  movesFlag: true,
  refuse: (_migration, state) => whileRolledBack(state),
  key: (life) => commandKey(life, "rollback"),
  apply: (state, migration, entry) => (entry.event.abandons ? abandoned : rolledBack)(state, migration, entry),
  news: ({ at, by, event }) =>
    event.abandons ? { at, inIncident: false, news: { kind: "abandoned", by, reason: event.reason } } : null,
};
