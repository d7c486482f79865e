import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTeamsChannel, teams } from "../../../alerts/channels/teams.ts";
import { MAX_MESSAGE_BYTES, teamsMessage } from "../../../alerts/channels/teams-card.ts";
import { NOTICE_STANDING, type Notice } from "../../../core/notice.ts";
import { startTeamsDouble, type TeamsDouble } from "../../doubles/channels/teams-double.ts";
import type { VendorDoubleReply } from "../../doubles/flags/vendor-double.ts";
import { aNotice, MALICIOUS, noticeFullOf } from "../a-notice.ts";
import { describeChannelContract } from "./channel-contract.ts";

const on = ["rollback", "page"] as const;
const live = () => ({ signal: AbortSignal.timeout(5_000) });
const channelAt = (url: string) => createTeamsChannel({ name: "teams", url, on }, { now: Date.now });
const contentOf = (notice: Notice) => teamsMessage(notice).attachments[0].content;
const runsOf = (notice: Notice) => contentOf(notice).body.flatMap(({ inlines }) => inlines);

describeChannelContract("teams", async () => {
  const double = await startTeamsDouble();
  const secrets = [double.url, "a-signature-of-the-tests", "hush"];
  const answering = (status: number, code = "", headers = {}) => {
    const body = { error: { code, message: `see ${double.url}` } };
    const reply: VendorDoubleReply = { status, headers, body };
    return () => double.behave(() => reply);
  };
  const http = (status: number, outcome: "retry" | "failed") => ({
    ...{ name: `HTTP ${status}`, arrange: answering(status, "SomeCode"), outcome },
  });
  return {
    channel: channelAt(double.url),
    secrets,
    situations: [
      ...[408, 429, 500, 502, 503, 504].map((status) => http(status, "retry")),
      ...[400, 401, 403, 404, 413].map((status) => http(status, "failed")),
      ...[301, 302, 307].map((status) => ({
        ...{ name: `redirect ${status}`, outcome: "failed" as const },
        arrange: answering(status, "", { location: "http://127.0.0.1:1/" }),
      })),
      { name: "connection reset", arrange: () => double.behave("reset"), outcome: "retry" },
      {
        ...{ name: "200 with a proxy's page", outcome: "retry" as const },
        arrange: () => double.behave(() => ({ status: 200, body: "\n<!doctype html><p>Sign in" })),
      },
    ],
    heal: () => double.behave("work"),
    hang: () => double.behave("hang"),
    arrived: () => double.posted().map((card) => JSON.stringify(card)),
    close: async () => {
      expect(double.failedRuns()).toEqual([]);
      await double.close();
    },
  };
});

describe("a card in Teams", () => {
  it("shows title, parts, facts, where it belongs, and opens the links", () => {
    const runbook = { label: "Runbook", url: "https://wiki.example/llm?a=1&b=2" };
    const notice = aNotice({
      sections: [
        ["What happened", "31 of 157 failed."],
        ["Do now", "Nothing."],
      ],
      links: [runbook],
    });
    const texts = contentOf(notice).body.map(({ inlines }) => inlines.map(({ text }) => text).join(""));
    expect(texts).toEqual([
      notice.title,
      "What happened: 31 of 157 failed.",
      "Do now: Nothing.",
      "Limit: 5%",
      "Log e-value: 9.31 (threshold 7.09)",
      "support-bot · incident-1 · 2027-01-15T08:00:00.000Z",
    ]);
    expect(contentOf(notice).actions).toEqual([{ type: "Action.OpenUrl", title: "Runbook", url: runbook.url }]);
  });

  it("has nothing that reads Markdown, and mentions nobody", () => {
    const text = JSON.stringify(teamsMessage(noticeFullOf("[Approve](https://evil.example) **now** <at>All</at>")));
    expect(text).not.toMatch(/TextBlock"(?<!RichTextBlock")|FactSet|entities/);
    expect(text).not.toMatch(/https:\/\/evil|<at>|<\/at>/);
  });

  it.each(MALICIOUS)("shows %s as it is, and fits", async (_what, text) => {
    const notice = noticeFullOf(text);
    for (const { text: shown } of runsOf(notice)) {
      expect(shown).not.toMatch(/:\/\/|[\p{Cc}\u2028\u202e\u2066]/u);
      expect(shown.isWellFormed()).toBe(true);
    }
    expect(Buffer.byteLength(JSON.stringify(teamsMessage(notice)))).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
  });

  it("fills in no dates of others", () => {
    expect(runsOf(aNotice({ title: "{{DATE(2017-02-14T06:00:00Z)}}" }))[0]?.text).not.toContain("{{");
  });

  it.each([
    ["facts", { facts: Array.from({ length: 100 }, (_, i): [string, string] => [`fact ${i}`, "x".repeat(300)]) }],
    ["wide characters", { facts: Array.from({ length: 40 }, (): [string, string] => ["語", "語".repeat(400)]) }],
    ["quotes, which grow", { facts: Array.from({ length: 40 }, (): [string, string] => ['"', '\\"'.repeat(200)]) }],
    ["long parts", { sections: Array.from({ length: 30 }, () => ["Part", "語".repeat(5_000)] as const) }],
    ["long links", { links: Array(9).fill({ label: "x", url: `https://x.example/${"a".repeat(1_900)}` }) }],
  ] as const)("cuts with a visible mark what does not fit: %s", async (_what, change) => {
    const double = await startTeamsDouble();
    const notice = aNotice(change);
    expect(await channelAt(double.url).send(notice, live())).toMatchObject({ outcome: "delivered" });
    expect(double.failedRuns()).toEqual([]);
    await double.close();
    if (!("links" in change)) expect(JSON.stringify(teamsMessage(notice))).toContain("…");
  });

  it.each([
    ["critical", "open", "Attention"],
    ["warning", "open", "Warning"],
    ["critical", "resolve", "Good"],
    ["info", "update", "Accent"],
  ] as const)("has the colour of what is %s, %s", (severity, phase, color) => {
    expect(runsOf(aNotice({ ...NOTICE_STANDING.page, severity, phase }))[0]?.color).toBe(color);
  });

  it.each(["javascript:alert(1)", "not a url", `https://x.example/${"a".repeat(4_000)}`])(
    "opens no address that is not a plain one: %.30s",
    (url) => expect(contentOf(aNotice({ links: [{ label: "x", url }] })).actions).toBeUndefined(),
  );
});

describe("a workflow's answers", () => {
  let double: TeamsDouble;
  beforeAll(async () => {
    double = await startTeamsDouble({ perSecond: 4 });
  });
  afterAll(() => double.close());

  it("beyond four in a second ask for a wait, which is reported", async () => {
    const sent = await Promise.all(Array.from({ length: 6 }, () => channelAt(double.url).send(aNotice(), live())));
    expect(sent.filter(({ outcome }) => outcome === "delivered")).toHaveLength(4);
    const waits = { outcome: "retry", detail: "HTTP 429: TooManyRequests", retryAfterMs: 1_000 };
    expect(sent.filter(({ outcome }) => outcome === "retry")).toEqual([waits, waits]);
  });

  it.each([
    [
      "a wrong signature",
      (url: string) => url.replace(/sig=.*/, "sig=other"),
      "HTTP 401: DirectApiAuthorizationRequired; the",
    ],
    [
      "a workflow that is gone",
      (url: string) => url.replace("9f8e", "0000"),
      "HTTP 404: WorkflowNotFound; the workflow is gone",
    ],
  ])("say what to do: %s", async (_what, change, detail) => {
    expect(await channelAt(change(double.url)).send(aNotice(), live())).toMatchObject({
      ...{ outcome: "failed", detail: expect.stringContaining(detail) },
    });
  });
});

describe("the configuration of Teams", () => {
  it.each([
    ["no address", {}, "no text"],
    ["something that is none", { url: "hush-hush" }, "no usable address"],
    ["a retired connector", { url: "https://contoso.webhook.office.com/webhookb2/hush-hush" }, "retired"],
    ["an unknown key", { url: "https://x.example/?sig=hush-hush", token: "hush-hush" }, "Unrecognized key"],
  ])("refuses %s without repeating the address", (_what, change, problem) => {
    const text = JSON.stringify(teams.schema.safeParse({ type: "teams", ...change }).error?.issues ?? []);
    expect(text).toContain(problem);
    expect(text).not.toContain("hush-hush");
  });
});
