import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Channel } from "../../../alerts/channels/channel.ts";
import { createSlackBotChannel, slackBot } from "../../../alerts/channels/slack-bot.ts";
import type { DeliveredNotice, Delivery, Notice } from "../../../core/notice.ts";
import { type SlackApiDouble, startSlackApiDouble } from "../../doubles/channels/slack-api-double.ts";
import type { VendorDoubleReply } from "../../doubles/flags/vendor-double.ts";
import { aNotice, MALICIOUS, noticeFullOf } from "../a-notice.ts";
import { describeChannelContract } from "./channel-contract.ts";

const TOKEN = "xoxb-123456789012-a-token-of-the-tests";
const CHANNEL = "C0LEEWAY01";
const on = ["rollback", "page", "drained"] as const;
const live = (earlier: readonly DeliveredNotice[] = []) => ({ signal: AbortSignal.timeout(5_000), earlier });
const channelOn = ({ url }: SlackApiDouble, changes: { buttons?: boolean; token?: string; channel?: string } = {}) =>
  createSlackBotChannel(
    { name: "slack", on, token: TOKEN, channel: CHANNEL, buttons: false, url, ...changes },
    { now: Date.now },
  );
const saying = (error: string, headers = {}): VendorDoubleReply => ({
  ...{ status: 200, headers, body: { ok: false, error, needed: `echo of ${TOKEN}` } },
});

const RETRIED = [
  "ratelimited",
  "rate_limited",
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "brand_new_word",
];
const FINAL = ["channel_not_found", "not_in_channel", "invalid_auth", "token_revoked", "is_archived", "missing_scope"];

describeChannelContract("slack-bot", async () => {
  const double = await startSlackApiDouble({ token: TOKEN, channel: CHANNEL });
  const answering = (reply: VendorDoubleReply) => () => double.behave(() => reply);
  return {
    channel: channelOn(double, { buttons: true }),
    secrets: [TOKEN],
    situations: [
      ...RETRIED.map((word) => ({ name: word, arrange: answering(saying(word)), outcome: "retry" as const })),
      ...FINAL.map((word) => ({ name: word, arrange: answering(saying(word)), outcome: "failed" as const })),
      ...[429, 500, 503].map((status) => ({
        ...{ name: `HTTP ${status}`, arrange: answering({ status, body: TOKEN }), outcome: "retry" as const },
      })),
      ...[302, 403, 404].map((status) => ({
        ...{ name: `HTTP ${status}`, arrange: answering({ status, body: TOKEN }), outcome: "failed" as const },
      })),
      { name: "a proxy's page", arrange: answering({ status: 200, body: "<html>sign in</html>" }), outcome: "retry" },
      { name: "an answer without ok", arrange: answering({ status: 200, body: { ts: "1" } }), outcome: "retry" },
      { name: "a word that is none", arrange: answering(saying("Not A Word")), outcome: "retry" },
      { name: "connection reset", arrange: () => double.behave("reset"), outcome: "retry" },
    ],
    heal: () => double.behave("work"),
    hang: () => double.behave("hang"),
    arrived: () => double.messages().map((message) => JSON.stringify(message)),
    close: double.close,
  };
});

const NOT_ROLLED_BACK = aNotice({
  ...{ id: "support-bot/incident-1/page/not-rolled-back", type: "page", phase: "update" },
  title: "NOT ROLLED BACK: support-bot: canary calls still arrive",
});
const DRAINED = aNotice({
  ...{ id: "support-bot/incident-1/drained", type: "drained", severity: "info", phase: "resolve" },
  ...{ title: "Rollback proven: support-bot", sections: [["Do now", "leeway rearm support-bot"]] },
});

describe("an incident in Slack", () => {
  let double: SlackApiDouble;
  let channel: Channel;
  let earlier: DeliveredNotice[] = [];
  beforeAll(async () => {
    double = await startSlackApiDouble({ token: TOKEN, channel: CHANNEL });
    channel = channelOn(double);
  });
  beforeEach(() => {
    double.behave("work");
    for (const { ts } of double.messages()) double.remove(ts);
    earlier = [];
  });
  afterAll(() => double.close());

  /** Sends as the outbox does: what was delivered is known the next time. */
  const send = async (notice: Notice): Promise<Delivery> => {
    const delivery = await channel.send(notice, live(earlier));
    const { id, type, phase } = notice;
    if (delivery.outcome === "delivered")
      earlier = [...earlier, { id, type, phase, at: notice.at, receipt: delivery.receipt ?? "" }];
    return delivery;
  };
  const failing = (method: string, reply: VendorDoubleReply) =>
    double.behave(({ path }) => (path.endsWith(method) ? reply : null));

  it("is one thread, whose first message tells how it stands", async () => {
    for (const notice of [aNotice(), NOT_ROLLED_BACK, DRAINED])
      expect(await send(notice)).toMatchObject({ outcome: "delivered" });
    const [root, page, end] = double.messages();
    expect(double.messages()).toHaveLength(3);
    expect([root?.thread, page?.thread, end?.thread]).toEqual([null, root?.ts, root?.ts]);
    expect(root?.edits).toBe(2);
    expect(JSON.stringify(root?.content)).toContain("OVER · Rolled back support-bot");
    expect(JSON.stringify(root?.content)).toContain("Newest: Rollback proven: support-bot");
    expect(JSON.stringify(root?.content)).toContain("Do now: leeway rearm support-bot");
  });

  it("shows in the channel what a reply alone would hide: a page, and the end", async () => {
    const quiet = aNotice({ id: "x", type: "pause", severity: "warning", phase: "update" });
    for (const notice of [aNotice(), NOT_ROLLED_BACK, quiet, DRAINED]) await send(notice);
    expect(double.messages().map(({ isBroadcast }) => isBroadcast)).toEqual([false, true, false, true]);
  });

  it("goes on in its thread in another agent, and after a restart", async () => {
    await send(aNotice());
    const second = channelOn(double);
    expect(await second.send(DRAINED, live(earlier))).toMatchObject({ outcome: "delivered" });
    expect(double.messages()[1]?.thread).toBe(double.messages()[0]?.ts);
  });

  it("begins anew where the first message was deleted, and goes on from there", async () => {
    await send(aNotice());
    double.remove(double.messages()[0]?.ts ?? "");
    expect(await send(NOT_ROLLED_BACK)).toMatchObject({
      outcome: "delivered",
      detail: expect.stringContaining("anew"),
    });
    await send(DRAINED);
    const [root, end] = double.messages();
    expect([root?.thread, end?.thread]).toEqual([null, root?.ts]);
    expect(JSON.stringify(root?.content)).toContain("OVER · NOT ROLLED BACK");
  });

  it("begins anew where the message goes between the update and the reply", async () => {
    await send(aNotice());
    const first = double.messages()[0]?.ts ?? "";
    double.behave(({ path }) => {
      if (path.endsWith("chat.postMessage")) double.remove(first);
      return null;
    });
    await send(NOT_ROLLED_BACK);
    await send(DRAINED);
    const [root, end] = double.messages();
    expect([root?.thread, end?.thread]).toEqual([null, root?.ts]);
  });

  it.each(["thread_not_found", "cannot_reply_to_message"])("begins anew where a reply is refused: %s", async (word) => {
    await send(aNotice());
    double.behave(({ path, body }) =>
      path.endsWith("postMessage") && "thread_ts" in (body as object) ? saying(word) : null,
    );
    expect(await send(NOT_ROLLED_BACK)).toMatchObject({ outcome: "delivered" });
    expect(double.messages()[1]?.thread).toBeNull();
  });

  it.each<[string, VendorDoubleReply]>([
    ["edit_window_closed", saying("edit_window_closed")],
    ["ratelimited", { status: 429, headers: { "retry-after": "30" }, body: { ok: false, error: "ratelimited" } }],
    ["500", { status: 500 }],
  ])("is told all the same when the first message cannot be changed: %s", async (_what, reply) => {
    await send(aNotice());
    failing("chat.update", reply);
    expect(await send(NOT_ROLLED_BACK)).toMatchObject({
      ...{ outcome: "delivered", detail: "ok, in the thread; the first message is not up to date" },
    });
    expect(double.messages()[1]?.thread).toBe(double.messages()[0]?.ts);
  });

  it("posts nothing twice when a try is repeated after its reply failed", async () => {
    await send(aNotice());
    failing("chat.postMessage", saying("internal_error"));
    expect(await send(NOT_ROLLED_BACK)).toMatchObject({ outcome: "retry" });
    double.behave("work");
    await send(NOT_ROLLED_BACK);
    expect(double.messages()).toHaveLength(2);
  });

  it.each([
    "",
    "{}",
    "not JSON",
    '{"channel":"<!channel>","ts":"1.1","title":"x"}',
    '{"channel":"C1","ts":7,"title":"x"}',
  ])("takes no receipt for a message that is none: %s", async (receipt) => {
    const odd: DeliveredNotice = { id: "a", type: "rollback", phase: "open", at: 1, receipt };
    expect(await channel.send(DRAINED, live([odd]))).toMatchObject({ outcome: "delivered" });
    expect(double.messages()[0]?.thread).toBeNull();
  });

  it.each(MALICIOUS)("shows %s of the first title as it is in the first message", async (_what, text) => {
    await send(noticeFullOf(text));
    expect(await send({ ...noticeFullOf(text), id: "second" })).toMatchObject({
      ...{ outcome: "delivered", detail: "ok, in the thread" },
    });
    const shown = JSON.stringify(double.messages()[0]?.content);
    expect(shown).not.toMatch(/<!|<@|<https?:\/\/evil|@(channel|here|everyone)/);
  });

  it("outside an incident is a message of its own, without a thread", async () => {
    const stage = aNotice({ id: "s1", type: "stage", severity: "info", phase: "update", incident: "" });
    expect(await send(stage)).toEqual({ outcome: "delivered", detail: "ok" });
    await send({ ...stage, id: "s2" });
    expect(double.messages().map(({ thread }) => thread)).toEqual([null, null]);
  });

  it("is sent as bare text when the layout is refused", async () => {
    double.behave(({ body }) => ("blocks" in (body as object) ? saying("invalid_blocks") : null));
    expect(await send(aNotice())).toMatchObject({ outcome: "delivered" });
    expect(double.messages()[0]?.content.blocks).toBeUndefined();
  });

  it("waits as long as Slack asks", async () => {
    failing("chat.postMessage", saying("ratelimited", { "retry-after": "42" }));
    expect(await send(aNotice())).toEqual({ outcome: "retry", detail: "ratelimited", retryAfterMs: 42_000 });
  });

  it("has a button to the agent's page only where the app answers clicks, and none to press otherwise", async () => {
    await send(aNotice());
    await channelOn(double, { buttons: true }).send(aNotice(), live());
    const [plain, button] = double.messages().map(({ content }) => JSON.stringify(content));
    expect(plain).not.toContain('"button"');
    expect(button).toContain(`"url":"${aNotice().link}"`);
  });
});

describe("the probe of a Slack app", () => {
  const open: SlackApiDouble[] = [];
  afterAll(() => Promise.all(open.map((double) => double.close())));
  const probe = async (settings: { isMember?: boolean; scopes?: string }, changes = {}) => {
    const double = await startSlackApiDouble({ token: TOKEN, channel: CHANNEL, ...settings });
    open.push(double);
    return channelOn(double, changes).probe?.(AbortSignal.timeout(5_000));
  };

  it.each([
    ["all is well", {}, {}, "ready", "the app is in the channel"],
    ["the app is not in the channel", { isMember: false }, {}, "unknown", "invite it"],
    ["it may not read channels", { scopes: "chat:write" }, {}, "unknown", "the token is valid"],
    ["it may not post", { scopes: "channels:read" }, {}, "failed", "chat:write"],
    ["the token is wrong", {}, { token: "xoxb-other-token" }, "failed", "invalid_auth"],
    ["the channel is wrong", {}, { channel: "C0OTHER" }, "failed", "channel_not_found"],
  ] as const)("says so where %s", async (_what, settings, changes, outcome, detail) => {
    expect(await probe(settings, changes)).toMatchObject({ outcome, detail: expect.stringContaining(detail) });
  });
});

describe("the configuration of a Slack app", () => {
  const ok = { type: "slack-bot", token: TOKEN, channel: CHANNEL };

  it("needs a token and a channel's id", () => {
    expect(slackBot.schema.parse(ok)).toMatchObject({
      url: "https://slack.com/api/",
      buttons: false,
      channel: CHANNEL,
    });
    expect(slackBot.schema.parse({ ...ok, url: "https://slack-gov.com/api" })).toMatchObject({
      url: "https://slack-gov.com/api/",
    });
  });

  it.each([
    ["no token", { token: undefined }],
    ["a webhook's address as the token", { token: "https://hooks.slack.com/services/T/B/hush-hush" }],
    ["a number as the token", { token: 7 }],
    ["a channel's name", { channel: "#ops" }],
    ["a mention as the channel", { channel: "<!channel>" }],
    ["an unknown key", { secret: "hush-hush" }],
    ["an address with a password", { url: "https://u:hush-hush@slack.com/api/" }],
  ])("refuses %s without repeating a secret", (_what, change) => {
    const text = JSON.stringify(slackBot.schema.safeParse({ ...ok, ...change }).error?.issues ?? []);
    expect(text).not.toBe("[]");
    expect(text).not.toMatch(/hush-hush|xoxb-1/);
  });
});
