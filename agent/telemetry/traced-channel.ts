import type { Channel } from "../../alerts/channels/channel.ts";
import type { Delivery } from "../../core/notice.ts";
import type { Ending, Telemetry } from "./telemetry.ts";

const endingOf = ({ outcome, detail }: Delivery): Ending => ({
  outcome,
  problem: outcome === "delivered" ? "" : detail,
});

/** The channel, whose tries to deliver are told about. What a notice says is not. */
export const tracedChannel = (channel: Channel, telemetry: Telemetry): Channel => ({
  ...channel,
  send: (notice, attempt) =>
    telemetry.within(
      {
        name: "delivery",
        labels: { channel: channel.name },
        facts: { attempt: attempt.number ?? 1, migration: notice.migration, notice: notice.id, type: notice.type },
      },
      () => channel.send(notice, attempt),
      endingOf,
    ),
});
