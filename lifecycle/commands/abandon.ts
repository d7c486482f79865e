import { utcStamp } from "../../core/utc-text.ts";
import { commandKey } from "../ledger-ids.ts";
import type { CommandType } from "./command-type.ts";
import { rollback } from "./rollback.ts";

/** Gives the migration up: the canary off, proven like a rollback, and never on again. On record as a rollback that abandons. */
export const abandon: CommandType = {
  help: "give the migration up: the canary off for good",
  done: "abandoned; the spans are watched until canary calls stop: leeway status",
  defaultReason: null,
  recordedAs: { command: "rollback", abandons: true },
  isForStage: false,
  isUrgent: true,
  movesFlag: true,
  refuse: (_migration, { abandoned }) =>
    abandoned === null ? null : `${abandoned.by} abandoned it at ${utcStamp(abandoned.at)}`,
  key: (life) => commandKey(life, "abandon"),
  apply: rollback.apply,
  news: rollback.news,
};
