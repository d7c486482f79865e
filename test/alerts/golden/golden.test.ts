import { describe, expect, it } from "vitest";
import { emailMessage } from "../../../alerts/channels/email-message.ts";
import { pagerDutyEvent } from "../../../alerts/channels/pagerduty-event.ts";
import { slackMessage } from "../../../alerts/channels/slack-message.ts";
import { rootMessage } from "../../../alerts/channels/slack-thread.ts";
import { noticeText } from "../../../alerts/channels/stdout.ts";
import { teamsMessage } from "../../../alerts/channels/teams-card.ts";
import type { Notice } from "../../../core/notice.ts";
import { GOLDEN_NOTICES } from "./notices.ts";

const WIDTH = 160;

/** JSON with each value on one line that has room there: a block of a message is a line. */
const jsonLines = (value: unknown, indent = ""): string => {
  const line = JSON.stringify(value);
  if (typeof value !== "object" || value === null || line.length <= WIDTH) return line;
  const deeper = `${indent} `;
  const inside = Array.isArray(value)
    ? value.map((each) => deeper + jsonLines(each, deeper))
    : Object.entries(value).map(([key, each]) => `${deeper}${JSON.stringify(key)}: ${jsonLines(each, deeper)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${inside.join(",\n")}\n${indent}${close}`;
};

const ROOT = { channel: "C0LEEWAY01", ts: "1732068849.000100", title: GOLDEN_NOTICES[0]?.[1].title ?? "" };

/** Those that bring the first message of their incident up to date. */
const IN_THREAD = ["page", "drained"];

/** What each channel makes of a notice. After a change of words: `npx vitest run test/alerts/golden -u`, and read them. */
const CHANNELS: Readonly<Record<string, (notice: Notice) => string>> = {
  stdout: (notice) => noticeText(notice).trimEnd(),
  slack: (notice) => jsonLines(slackMessage(notice)),
  "slack-first-message": (notice) => (IN_THREAD.includes(notice.type) ? jsonLines(rootMessage(ROOT, notice)) : "-"),
  teams: (notice) => jsonLines(teamsMessage(notice)),
  webhook: (notice) => jsonLines(notice),
  email: (notice) => {
    const { text, html } = emailMessage(notice, [], "leeway.example");
    return `${text}\n\n${html}`;
  },
  pagerduty: (notice) => jsonLines(pagerDutyEvent(notice)),
};

describe("what people read", () => {
  it.each(Object.keys(CHANNELS))("through %s is what somebody has read and found right", async (channel) => {
    const render = CHANNELS[channel] ?? (() => "");
    const texts = GOLDEN_NOTICES.map(([name, notice]) => `=== ${name}\n${render(notice)}\n`);
    await expect(texts.join("\n")).toMatchFileSnapshot(`./${channel}.txt`);
  });

  it.each(GOLDEN_NOTICES)("of %s says what to do, and has its links", (_name, notice) => {
    expect(notice.sections.map(([heading]) => heading)).toContain("Do now");
    expect(notice.links.map(({ label }) => label)).toContain("Leeway's page");
    expect(`${notice.title}${notice.summary}`).not.toMatch(/undefined|null|NaN|\.\.|: \.| {2}/);
  });
});
