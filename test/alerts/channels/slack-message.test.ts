import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { slackMessage } from "../../../alerts/channels/slack-message.ts";
import { slackPayload } from "../../../demo/slack-shape.ts";
import { aNotice, MALICIOUS, noticeFullOf } from "../a-notice.ts";
import { SLACK_JSON_SCHEMA } from "./slack-json-schema.ts";

const fitsSchema = new Ajv({ strict: false }).compile(SLACK_JSON_SCHEMA);

/** Every text of the message except the link, which is ours. */
const texts = (message: ReturnType<typeof slackMessage>): string[] => [
  message.text,
  ...message.blocks.flatMap((block) => {
    if (block.type === "actions") return block.elements.map((e) => e.text.text);
    if (block.type === "context") return block.elements.filter((e) => e.type === "plain_text").map((e) => e.text);
    return "fields" in block ? block.fields.map((f) => f.text) : [block.text.text];
  }),
];

describe("a Slack message", () => {
  it("shows title, summary, facts, where it belongs and the link", () => {
    expect(slackMessage(aNotice())).toEqual({
      text: "Rolled back support-bot: error is 19.8%, limit 5%: 31 of 157 canary calls failed. The flag serves 0% now.",
      blocks: [
        { type: "header", text: { type: "plain_text", text: aNotice().title, emoji: false } },
        { type: "section", text: { type: "plain_text", text: aNotice().summary, emoji: false } },
        {
          type: "section",
          fields: [
            { type: "plain_text", text: "Limit\n5%", emoji: false },
            { type: "plain_text", text: "Log e-value\n9.31 (threshold 7.09)", emoji: false },
          ],
        },
        {
          type: "context",
          elements: [
            { type: "plain_text", text: "support-bot", emoji: false },
            { type: "plain_text", text: "incident-1", emoji: false },
            { type: "plain_text", text: "2027-01-15T08:00:00.000Z", emoji: false },
            {
              type: "mrkdwn",
              text: "<http://127.0.0.1:4320/migrations/support-bot?rule=error&amp;tab=evidence|Leeway's page>",
              verbatim: true,
            },
          ],
        },
      ],
      unfurl_links: false,
    });
  });

  it.each(MALICIOUS)("takes the meaning out of %s and still fits Slack's format", (_what, text) => {
    const message = slackMessage(noticeFullOf(text));
    for (const shown of texts(message)) {
      expect(shown).not.toMatch(/[<>]|:\/\/|@(channel|here|everyone)/);
      expect(shown).not.toMatch(/&(?!amp;|lt;|gt;)/);
      expect(shown.isWellFormed()).toBe(true);
    }
    expect(slackPayload.safeParse(message).error?.issues ?? []).toEqual([]);
    expect(fitsSchema(message) || fitsSchema.errors).toBe(true);
  });

  it("escapes what was already escaped, so that it reads as it was written", () => {
    expect(slackMessage(aNotice({ title: "&lt;!channel&gt;" })).text).toContain("&amp;lt;!channel&amp;gt;");
  });

  it("cuts between characters and marks the cut", () => {
    const [header] = slackMessage(aNotice({ title: "<".repeat(400) })).blocks;
    const title = header && "text" in header ? header.text.text : "";
    expect(title).toMatch(/^(&lt;)+…$/);
    expect(title.length).toBeLessThanOrEqual(150);
    expect(title.length).toBeGreaterThan(140);
  });

  it("says how many facts it leaves out", () => {
    const facts = Array.from({ length: 60 }, (_, i): [string, string] => [`fact ${i}`, "x"]);
    const shown = texts(slackMessage(aNotice({ facts }))).join("\n");
    expect(shown).toContain("fact 38");
    expect(shown).not.toContain("fact 39\n");
    expect(shown).toContain("21 facts are not shown");
  });

  it.each(["javascript:alert(1)", "not a url", "", "http://x/|<!channel>", `http://x/?${"a".repeat(4000)}`])(
    "offers no link that is not a plain one: %.40s",
    (link) => {
      const text = JSON.stringify(slackMessage(aNotice({ link })));
      expect(text).not.toMatch(/javascript|not a url|<!channel>|a{4000}/);
    },
  );
});

describe("the link of a Slack message", () => {
  it.each(["http://x/|<!channel>", "http://x/?a=<b>|c#<d>|e", "http://x/a%7Cb"])(
    "cannot end its own markup: %s",
    (link) => {
      const context = slackMessage(aNotice({ link })).blocks.at(-1);
      const elements = context?.type === "context" ? context.elements : [];
      expect(elements.at(-1)?.text).toMatch(/^<http:[^<>|]+\|Leeway's page>$/);
    },
  );
});

describe("the receiver's check and the published JSON schema", () => {
  const block = (text: string, type = "section") => ({ type, text: { type: "plain_text", text } });
  const cases: [string, object, boolean][] = [
    ["text alone", { text: "x" }, true],
    ["no text", { blocks: [block("x")] }, false],
    ["empty text", { text: "" }, false],
    ["an unknown key", { text: "x", channel: "#ops" }, false],
    ["no blocks in the list", { text: "x", blocks: [] }, false],
    ["51 blocks", { text: "x", blocks: Array.from({ length: 51 }, () => block("x")) }, false],
    ["50 blocks", { text: "x", blocks: Array.from({ length: 50 }, () => block("x")) }, true],
    ["a header of 151", { text: "x", blocks: [block("x".repeat(151), "header")] }, false],
    ["a header of 150", { text: "x", blocks: [block("x".repeat(150), "header")] }, true],
    ["a section of 3001", { text: "x", blocks: [block("x".repeat(3001))] }, false],
    ["an unknown block", { text: "x", blocks: [block("x", "poem")] }, false],
    ["eleven fields", { text: "x", blocks: [{ type: "section", fields: Array(11).fill(block("x").text) }] }, false],
  ];
  it.each(cases)("agree about %s", (_what, message, fits) => {
    expect(fitsSchema(message)).toBe(fits);
    expect(slackPayload.safeParse(message).success).toBe(fits);
  });
});
