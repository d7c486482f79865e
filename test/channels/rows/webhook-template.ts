import { createWebhookTemplateChannel } from "../../../alerts/channels/webhook-template.ts";
import { startReceiverServer } from "../../../demo/receiver-server.ts";
import type { ChannelRow } from "../channel-row.ts";

/** A receiver that is told by JSON of its own, and takes titles of 60 characters. */
export const webhookTemplateDouble: ChannelRow = {
  channel: "webhook-template",
  against: "double",
  start: async () => {
    const bodies: { readonly key: string; readonly status: string; readonly title: string }[] = [];
    const refused: string[] = [];
    const double = await startReceiverServer("/alerts", (_headers, text) => {
      const body = JSON.parse(text);
      if (body.title.length > 60) refused.push("a title that is too long");
      bodies.push(body);
      return { status: 202, body: "{}" };
    });
    const request = (status: string) => ({
      url: `${double.url}/{{key}}`,
      body: { key: "{{key}}", status, title: "{{title:60}}", text: "{{description}}" },
    });
    return {
      channel: createWebhookTemplateChannel(
        {
          name: "template",
          headers: {},
          open: request("open"),
          update: null,
          acknowledge: null,
          resolve: request("resolved"),
          on: ["rollback"],
        },
        { now: Date.now },
      ),
      seen: async () => JSON.stringify(bodies),
      state: async () => (bodies.findLast(({ key }) => key === "incident-1")?.status === "open" ? "open" : "resolved"),
      limit: { waitMs: 7_000, begin: () => double.behave({ status: 429, body: "", headers: { "retry-after": "7" } }) },
      hang: () => double.behave("hang"),
      heal: () => double.behave("accept"),
      refused: () => refused,
      close: double.close,
    };
  },
};
