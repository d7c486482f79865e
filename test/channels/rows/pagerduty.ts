import { createPagerDutyChannel } from "../../../alerts/channels/pagerduty.ts";
import { startPagerDutyDouble } from "../../doubles/channels/pagerduty-double.ts";
import type { ChannelRow } from "../channel-row.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const STATES = { open: "open", acked: "acknowledged", resolved: "resolved" } as const;

/** PagerDuty has no server to be had: its double keeps the state of alerts. */
export const pagerDutyDouble: ChannelRow = {
  channel: "pagerduty",
  against: "double",
  start: async () => {
    const double = await startPagerDutyDouble({ keys: [KEY] });
    return {
      channel: createPagerDutyChannel(
        { name: "pagerduty", routingKey: KEY, url: double.url, on: ["rollback"] },
        { now: Date.now },
      ),
      seen: async () => JSON.stringify(double.accepted()),
      state: async () => STATES[double.alerts().findLast(({ key }) => key === "incident-1")?.state ?? "resolved"],
      limit: { waitMs: 7_000, begin: () => double.behave(() => ({ status: 429, headers: { "retry-after": "7" } })) },
      hang: () => double.behave("hang"),
      heal: () => double.behave("work"),
      refused: double.refused,
      close: double.close,
    };
  },
};
