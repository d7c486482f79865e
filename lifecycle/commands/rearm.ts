import { commandKey } from "../ledger-ids.ts";
import { arrived } from "../news.ts";
import { NOT_STARTED } from "../state.ts";
import type { CommandType } from "./command-type.ts";

/** Starts again at the first stage after a rollback: a new life under the same document. */
export const rearm: CommandType = {
  help: "start again at the first stage after a rollback",
  done: "re-armed at its first stage",
  isForStage: false,
  isUrgent: false,
  movesFlag: true,
  refuse: (_migration, { rollback }) => (rollback === null ? "it is not rolled back" : null),
  key: (life) => commandKey(life, "rearm"),
  apply: ({ hash, startedWith }, _migration, { at }) => ({
    ...NOT_STARTED,
    hash,
    startedWith,
    since: at,
    stageSince: at,
  }),
  news: (entry) => arrived(0, entry, entry.event.reason),
};
