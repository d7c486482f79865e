import { createWebhookChannel } from "../../../alerts/channels/webhook.ts";
import { startWebhookReceiver } from "../../../demo/receivers.ts";
import type { ChannelRow } from "../channel-row.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

/** A receiver that checks signatures with the library of Standard Webhooks. */
export const webhookDouble: ChannelRow = {
  channel: "webhook",
  against: "double",
  start: async () => {
    const double = await startWebhookReceiver({ secret: SECRET });
    return {
      channel: createWebhookChannel(
        { name: "webhook", url: double.url, secret: SECRET, on: ["rollback"] },
        { now: Date.now },
      ),
      carriesAll: true,
      seen: async () => JSON.stringify(double.received()),
      limit: { waitMs: 7_000, begin: () => double.behave({ status: 429, body: "", headers: { "retry-after": "7" } }) },
      hang: () => double.behave("hang"),
      heal: () => double.behave("accept"),
      refused: () => double.refused().map(({ reason }) => reason),
      close: double.close,
    };
  },
};
