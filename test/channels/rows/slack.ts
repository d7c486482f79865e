import { createSlackChannel } from "../../../alerts/channels/slack.ts";
import { startSlackReceiver } from "../../../demo/receivers.ts";
import type { ChannelRow } from "../channel-row.ts";

/** Slack's incoming webhook. */
export const slackDouble: ChannelRow = {
  channel: "slack",
  against: "double",
  start: async () => {
    const double = await startSlackReceiver();
    return {
      channel: createSlackChannel({ name: "slack", url: double.url, on: ["rollback"] }, { now: Date.now }),
      seen: async () => JSON.stringify(double.received()),
      limit: {
        waitMs: 7_000,
        begin: () => double.behave({ status: 429, body: "rate_limited", headers: { "retry-after": "7" } }),
      },
      hang: () => double.behave("hang"),
      heal: () => double.behave("accept"),
      refused: () => double.refused().map(({ reason }) => reason),
      close: double.close,
    };
  },
};
