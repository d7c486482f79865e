import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSlackChannel, slack } from "../../../alerts/channels/slack.ts";
import { type ReceiverServer, startReceiverServer } from "../../../demo/receiver-server.ts";
import { startSlackReceiver } from "../../../demo/receivers.ts";
import { aNotice } from "../a-notice.ts";
import { describeChannelContract } from "./channel-contract.ts";
import { httpSituations } from "./http-situations.ts";

const ON = ["rollback", "page"] as const;
const live = () => ({ signal: AbortSignal.timeout(5_000) });

describeChannelContract("slack", async () => {
  const receiver = await startSlackReceiver();
  const elsewhere = await startReceiverServer("/", () => ({ status: 200, body: "ok" }));
  const secrets = [receiver.url, new URL(receiver.url).pathname];
  return {
    channel: createSlackChannel({ name: "slack", url: receiver.url, on: ON }, { now: Date.now }),
    secrets,
    situations: [
      ...httpSituations(receiver, secrets, elsewhere),
      { name: "200 with a proxy's page", arrange: () => receiver.behave("lie"), outcome: "retry" },
      { name: "200 with nothing", arrange: () => receiver.behave({ status: 200, body: "" }), outcome: "retry" },
      { name: "201 ok", arrange: () => receiver.behave({ status: 201, body: "ok" }), outcome: "retry" },
    ],
    heal: () => receiver.behave("accept"),
    hang: () => receiver.behave("hang"),
    arrived: () => receiver.received().map((message) => JSON.stringify(message)),
    close: async () => {
      expect(elsewhere.requests()).toBe(0);
      expect(receiver.refused()).toEqual([]);
      await Promise.all([receiver.close(), elsewhere.close()]);
    },
  };
});

describe("Slack's answers", () => {
  let server: ReceiverServer;
  let bodies: string[] = [];
  let answers: { status: number; body: string }[] = [];
  beforeAll(async () => {
    server = await startReceiverServer("/services/T/B/X", (_headers, body) => {
      bodies.push(body);
      return answers.shift() ?? { status: 200, body: "ok" };
    });
  });
  beforeEach(() => {
    bodies = [];
    answers = [];
  });
  afterAll(() => server.close());
  const send = () =>
    createSlackChannel({ name: "slack", url: server.url, on: ON }, { now: Date.now }).send(aNotice(), live());

  it.each([
    [403, "action_prohibited", "failed"],
    [404, "channel_not_found", "failed"],
    [410, "channel_is_archived", "failed"],
    [404, "no_service", "failed"],
    [500, "rollup_error", "retry"],
  ])("are kept as Slack's own word: %i %s", async (status, body, outcome) => {
    answers = [{ status, body }];
    expect(await send()).toMatchObject({ outcome, detail: `HTTP ${status}: ${body}` });
  });

  it.each(["invalid_blocks", "invalid_payload"])(
    "that refuse the layout (%s) are followed by the bare text",
    async (word) => {
      answers = [{ status: 400, body: word }];
      expect(await send()).toEqual({ outcome: "delivered", detail: `ok, as plain text (${word})` });
      expect(JSON.parse(bodies.at(-1) ?? "")).toEqual({ text: expect.stringContaining("Rolled back support-bot") });
    },
  );

  it("that refuse the bare text too are final", async () => {
    answers = [
      { status: 400, body: "invalid_blocks" },
      { status: 400, body: "invalid_payload" },
    ];
    expect(await send()).toMatchObject({ outcome: "failed" });
    expect(bodies).toHaveLength(2);
  });
});

describe("the burst limit", () => {
  it("is reported with the wait Slack asks for, and the next try gets through", async () => {
    const receiver = await startSlackReceiver({ rateLimit: true });
    const channel = createSlackChannel({ name: "slack", url: receiver.url, on: ON }, { now: Date.now });
    expect(await channel.send(aNotice(), live())).toMatchObject({ outcome: "delivered" });
    expect(await channel.send(aNotice(), live())).toMatchObject({ outcome: "retry", retryAfterMs: 1000 });
    await expect.poll(async () => (await channel.send(aNotice(), live())).outcome, { timeout: 5000 }).toBe("delivered");
    await receiver.close();
  });
});

describe("the configuration of Slack", () => {
  it.each([
    ["no URL", {}],
    ["a URL that is none", { url: "hooks.slack.com/services/T/B/hush-hush" }],
    ["a number", { url: 7 }],
    ["an unknown key", { url: "https://hooks.slack.com/services/T/B/hush-hush", channel: "#ops" }],
  ])("refuses %s without repeating the address", (_what, change) => {
    const text = JSON.stringify(slack.schema.safeParse({ type: "slack", ...change }).error?.issues ?? []);
    expect(text).not.toBe("[]");
    expect(text).not.toContain("hush-hush");
  });
});
