import { utcStamp } from "../../core/utc-text.ts";
import { commandKey } from "../ledger-ids.ts";
import type { CommandType } from "./command-type.ts";

/** Says that a person is at the open incident: it is repeated to nobody any more, until something new happens in it. */
export const ack: CommandType = {
  help: "say that you are at the open incident: it is repeated no more",
  done: "acknowledged; it is told again when something new happens",
  defaultReason: "seen",
  isForStage: false,
  isUrgent: false,
  movesFlag: false,
  refuse: (_migration, { call }) => {
    if (call === null) return "there is nothing to acknowledge: no incident is open";
    const { acknowledged } = call;
    return acknowledged === null ? null : `${acknowledged.by} acknowledged it at ${utcStamp(acknowledged.at)}`;
  },
  key: (life, entries) => commandKey(life, "ack", countAcks(entries, life.since)),
  apply: (state, _migration, { by, at }) =>
    state.call === null || state.call.acknowledged !== null
      ? state
      : { ...state, call: { ...state.call, acknowledged: { by, at } } },
  news: ({ by, at, event }) => ({
    at,
    inIncident: true,
    news: { kind: "acknowledged", by, reason: event.reason === ack.defaultReason ? "" : event.reason },
  }),
};

const countAcks = (entries: Parameters<CommandType["key"]>[1], since: number): number =>
  entries.filter(({ at, event }) => at >= since && event.type === "command" && event.command === "ack").length;
