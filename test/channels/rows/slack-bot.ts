import { createSlackBotChannel } from "../../../alerts/channels/slack-bot.ts";
import { startSlackApiDouble } from "../../doubles/channels/slack-api-double.ts";
import type { ChannelRow } from "../channel-row.ts";

const TOKEN = "xoxb-a-token-of-the-table";
const CHANNEL = "C0LEEWAY01";
const STATES = { OPEN: "open", SEEN: "acknowledged", OVER: "resolved" } as const;

/** A Slack app; its double keeps messages, threads and edits. The first message of the first incident says how it stands. */
export const slackBotDouble: ChannelRow = {
  channel: "slack-bot",
  against: "double",
  start: async () => {
    const double = await startSlackApiDouble({ token: TOKEN, channel: CHANNEL });
    const limited = { status: 429, headers: { "retry-after": "7" }, body: { ok: false, error: "ratelimited" } };
    return {
      channel: createSlackBotChannel(
        { name: "slack-bot", on: ["rollback"], token: TOKEN, channel: CHANNEL, buttons: true, url: double.url },
        { now: Date.now },
      ),
      seen: async () => JSON.stringify(double.messages()),
      state: async () => {
        const text = double.messages()[0]?.content.text;
        if (text === undefined) return "none";
        const found = Object.entries(STATES).find(([word]) => text.startsWith(`${word} ·`));
        return found?.[1] ?? "open";
      },
      limit: { waitMs: 7_000, begin: () => double.behave(() => limited) },
      hang: () => double.behave("hang"),
      heal: () => double.behave("work"),
      // A layout that is refused is followed by bare text: that would be seen as a message without blocks.
      refused: () => double.messages().flatMap(({ content }) => (content.blocks === undefined ? [content.text] : [])),
      close: double.close,
    };
  },
};
