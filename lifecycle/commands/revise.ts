import { givenOnRevision, refuseApprover, revisersOf } from "../approver.ts";
import { commandKey } from "../ledger-ids.ts";
import { arrived } from "../news.ts";
import type { CommandType } from "./command-type.ts";

/** Goes on by the changed document: another revision of the contract, by an approver's word. */
export const revise: CommandType = {
  help: "go on by the changed document; exposure never rises by it",
  done: "goes on by the changed document",
  defaultReason: null,
  isForStage: false,
  isUrgent: false,
  movesFlag: true,
  refuse: (migration, state, request) => {
    const { abandoned } = state;
    if (abandoned !== null) return `${abandoned.by} abandoned it; declare a new migration under another name`;
    if (request.revision === undefined) return "its document is not changed: there is nothing to take up";
    if ("problem" in request.revision) return request.revision.problem;
    const given = givenOnRevision(state, request.revision.revision.hash);
    return refuseApprover(migration, request, { given, what: "taking its changed document up" });
  },
  key: (life, entries) =>
    commandKey(
      life,
      "revise",
      entries.filter(({ at, event }) => at >= life.since && event.type === "command" && event.command === "revise")
        .length,
    ),
  apply: (state, _migration, { event: { revision, identity }, at, by }) => {
    if (revision === undefined || state.hash === null) return state;
    const { hash, stage, before, keepsTime, restarts } = revision;
    // Whoever asked for it first; the other one's are the second pair of eyes, on what comes next as well.
    const [asked = identity === "proven" ? by : null] = revisersOf(state, hash);
    return {
      ...state,
      hash,
      stage,
      // Four eyes: whoever gave the limits does not approve by them, and what was approved before was another document.
      askedBy: asked !== null && !state.askedBy.includes(asked) ? [...state.askedBy, asked] : state.askedBy,
      approvedBy: [],
      revisionApprovals: [],
      stageSince: keepsTime ? state.stageSince : at,
      revisions: (state.revisions ?? 0) + 1,
      ...(restarts ? { judgedSince: at, pausedFor: [] } : {}),
      rollback: state.rollback === null ? null : { ...state.rollback, shareBefore: before },
    };
  },
  news: (entry, place) =>
    arrived(
      entry.event.revision?.stage ?? place.stage,
      entry,
      `the document was revised: ${entry.event.reason}`,
      place,
    ),
};
