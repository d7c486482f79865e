import { createTeamsChannel } from "../../../alerts/channels/teams.ts";
import { startTeamsDouble } from "../../doubles/channels/teams-double.ts";
import type { ChannelRow } from "../channel-row.ts";

/** A workflow of Microsoft Teams; its double says 202 as the real one does, and fails the run of what is not valid. */
export const teamsDouble: ChannelRow = {
  channel: "teams",
  against: "double",
  start: async () => {
    const double = await startTeamsDouble();
    return {
      channel: createTeamsChannel({ name: "teams", url: double.url, on: ["rollback"] }, { now: Date.now }),
      seen: async () => JSON.stringify(double.posted()),
      limit: { waitMs: 7_000, begin: () => double.behave(() => ({ status: 429, headers: { "retry-after": "7" } })) },
      hang: () => double.behave("hang"),
      heal: () => double.behave("work"),
      refused: double.failedRuns,
      close: double.close,
    };
  },
};
