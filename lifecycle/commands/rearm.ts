import { entryStage } from "../approvals.ts";
import { commandKey } from "../ledger-ids.ts";
import { arrived } from "../news.ts";
import { NOT_STARTED } from "../state.ts";
import { type CommandType, whileRolledBack } from "./command-type.ts";

/** Starts again at the first stage after a rollback: a new life under the same document. */
export const rearm: CommandType = {
  help: "start again at the first stage after a rollback",
  done: "re-armed at its first stage",
  defaultReason: null,
  isForStage: false,
  isUrgent: false,
  movesFlag: true,
  refuse: (_migration, state) =>
    state.rollback === null ? "it is not rolled back" : state.abandoned === null ? null : whileRolledBack(state),
  key: (life) => commandKey(life, "rearm"),
  apply: (state, migration, { at, by, event }) => {
    // Given at once with the word that gave it up: what is given up stays down.
    if (state.abandoned !== null) return state;
    const { hash, startedWith, approvals, asksDrill, unrestored } = state;
    return {
      ...NOT_STARTED,
      ...{ hash, startedWith, approvals, unrestored },
      ...(asksDrill === true ? { asksDrill } : {}),
      stage: entryStage(migration, approvals),
      askedBy: event.identity === "proven" ? [by] : [],
      since: at,
      stageSince: at,
    };
  },
  news: (entry, place) => arrived(place.stage, entry, entry.event.reason, place),
};
