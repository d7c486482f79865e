import { afterEach, describe, expect, it } from "vitest";
import { createPagerDutyChannel, pagerduty } from "../../../alerts/channels/pagerduty.ts";
import { pagerDutyEvent } from "../../../alerts/channels/pagerduty-event.ts";
import type { DeliveredNotice, Notice } from "../../../core/notice.ts";
import { startReceiverServer } from "../../../demo/receiver-server.ts";
import { asReceiver } from "../../doubles/channels/as-receiver.ts";
import { type PagerDutyDouble, startPagerDutyDouble } from "../../doubles/channels/pagerduty-double.ts";
import { aNotice, MALICIOUS, NOTICE_TYPES, noticeFullOf } from "../a-notice.ts";
import { describeChannelContract } from "./channel-contract.ts";
import { httpSituations } from "./http-situations.ts";
import { goldenFile, noticeOfType } from "./notice-of-type.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const ON = ["rollback", "page"] as const;

const channelAt = (url: string, routingKey = KEY, now = Date.now) =>
  createPagerDutyChannel({ name: "pagerduty", url, routingKey, on: ON }, { now });

describeChannelContract("pagerduty", async () => {
  const double = await startPagerDutyDouble({ keys: [KEY], perMinute: 10_000 });
  const receiver = asReceiver(double);
  const elsewhere = await startReceiverServer("/", () => ({ status: 202, body: '{"status":"success"}' }));
  const secrets = [KEY, KEY.slice(4, 20), receiver.url];
  const answering = (status: number, body: string) => () => receiver.behave({ status, body });
  return {
    channel: channelAt(receiver.url),
    secrets,
    situations: [
      ...httpSituations(receiver, secrets, elsewhere),
      { name: "200 with a proxy's page", arrange: () => receiver.behave("lie"), outcome: "retry" },
      { name: "202 with a page", arrange: answering(202, "<html>"), outcome: "retry" },
      { name: "202 with another status", arrange: answering(202, '{"status":"invalid event"}'), outcome: "retry" },
      { name: "200 that says success", arrange: answering(200, '{"status":"success"}'), outcome: "retry" },
    ],
    heal: () => receiver.behave("accept"),
    hang: () => receiver.behave("hang"),
    // What a probe sends is the end of nothing, and dropped.
    arrived: () =>
      double
        .accepted()
        .map((body) => JSON.stringify(body))
        .filter((text) => text.includes("payload")),
    close: async () => {
      expect(elsewhere.requests()).toBe(0);
      expect(double.refused()).toEqual([]);
      await Promise.all([receiver.close(), elsewhere.close()]);
    },
  };
});

describe("PagerDuty's alerts", () => {
  let double: PagerDutyDouble;
  afterEach(() => double.close());
  const start = async (settings: { now?: () => number; perMinute?: number } = {}) => {
    double = await startPagerDutyDouble({ keys: [KEY], ...settings });
    const earlier: DeliveredNotice[] = [];
    const channel = channelAt(double.url, KEY, settings.now);
    /** Sends as the notifier does: with what was delivered of the incident before. */
    const send = async (notice: Notice) => {
      const delivery = await channel.send(notice, { signal: AbortSignal.timeout(5_000), earlier });
      const { id, type, phase, at } = notice;
      if (delivery.outcome === "delivered") earlier.push({ id, type, phase, at, receipt: delivery.receipt ?? "" });
      return delivery;
    };
    return send;
  };
  const drained = aNotice({ type: "drained", phase: "resolve", severity: "info", title: "Drained" });
  const overdue = aNotice({ type: "page", phase: "update", title: "NOT ROLLED BACK" });

  it("are one an incident, from the rollback over what is said later to the end", async () => {
    const send = await start();
    await send(aNotice());
    await send(overdue);
    expect(double.alerts()).toMatchObject([{ key: "incident-1", state: "open", severity: "critical" }]);
    await send(drained);
    expect(double.alerts()).toMatchObject([
      { state: "resolved", summaries: [expect.stringContaining("Rolled back"), "NOT ROLLED BACK"] },
    ]);
  });

  it("are acknowledged when a person is at it", async () => {
    const send = await start();
    const ack = aNotice({ type: "ack", phase: "acknowledge", severity: "info", id: "ack" });
    expect(await send(ack)).toMatchObject({ detail: "nothing to acknowledge: no alert was triggered" });
    await send(aNotice());
    await send(ack);
    expect(double.alerts()).toMatchObject([{ key: "incident-1", state: "acked" }]);
  });

  it("are opened again when the canary is back after the end, and end once more", async () => {
    const send = await start();
    for (const notice of [aNotice(), drained, aNotice({ type: "page", title: "canary calls are back" })])
      await send(notice);
    expect(double.alerts().map(({ state }) => state)).toEqual(["resolved", "open"]);
    await send(drained);
    expect(double.alerts().map(({ state }) => state)).toEqual(["resolved", "resolved"]);
  });

  it("are not ended where none was triggered, also after a stage that was told", async () => {
    const send = await start();
    await send(aNotice({ type: "stage", phase: "update", severity: "info" }));
    const calls = double.requests.length;
    expect(await send(drained)).toEqual({
      outcome: "delivered",
      detail: "nothing to resolve: no alert was triggered",
      receipt: "",
    });
    expect(double.requests).toHaveLength(calls);
    expect(double.alerts()).toEqual([]);
  });

  it("are not opened by a stage, which is a change", async () => {
    const send = await start();
    await send(aNotice({ type: "stage", phase: "update", severity: "info", title: "25% canary" }));
    expect([double.alerts(), double.changes()]).toEqual([[], ["25% canary"]]);
  });

  it("of a test are closed again, also when the second half has to be repeated", async () => {
    const send = await start();
    const test = aNotice({ type: "test", phase: "update", severity: "info", incident: "", id: "test/1" });
    double.behave(({ body }) => (JSON.stringify(body).includes('"resolve"') ? { status: 429 } : null));
    expect(await send(test)).toMatchObject({ outcome: "retry" });
    expect(double.alerts()).toMatchObject([{ key: "test/1", state: "open", severity: "info" }]);
    double.behave("work");
    expect(await send(test)).toMatchObject({ outcome: "delivered" });
    expect(double.alerts()).toMatchObject([{ key: "test/1", state: "resolved" }]);
  });

  it("of two migrations, and two keys that are longer than PagerDuty takes, stay two", async () => {
    const send = await start();
    const long = "größe-".repeat(100);
    await send(aNotice({ incident: `${long}1` }));
    await send(aNotice({ incident: `${long}2` }));
    const keys = double.alerts().map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(255);
    expect(double.refused()).toEqual([]);
  });

  it("wait as long as PagerDuty asks for when there are more than it takes", async () => {
    const send = await start({ perMinute: 2, now: () => 1_800_000_000_000 });
    await send(aNotice());
    await send(overdue);
    expect(await send(overdue)).toMatchObject({ outcome: "retry", detail: "HTTP 429", retryAfterMs: 60_000 });
  });

  it("are left alone by a probe, which tells a key that is none", async () => {
    const send = await start();
    await send(aNotice());
    const ask = (key: string) => channelAt(double.url, key).probe?.(AbortSignal.timeout(5_000));
    expect(await ask(KEY)).toMatchObject({ outcome: "ready" });
    expect(await ask("f".repeat(32))).toMatchObject({ outcome: "failed" });
    expect(double.alerts()).toMatchObject([{ state: "open" }]);
  });

  it("that are refused say what to check, and not the key", async () => {
    await start();
    const delivery = await channelAt(double.url, "f".repeat(32)).send(aNotice(), {
      signal: AbortSignal.timeout(5_000),
    });
    expect(delivery).toMatchObject({ outcome: "failed", detail: expect.stringContaining("check that routingKey") });
  });
});

describe("PagerDuty's event", () => {
  it.each(NOTICE_TYPES)("of a %s is as it was", async (type) => {
    const { kind, body } = pagerDutyEvent(noticeOfType(type));
    await expect(`${kind}\n${JSON.stringify(body, null, 2)}\n`).toMatchFileSnapshot(goldenFile("pagerduty", type));
  });

  it.each(MALICIOUS)("holds %s on one line, and in its place", (_what, text) => {
    const { body } = pagerDutyEvent(noticeFullOf(text));
    for (const value of [body.payload.summary, ...Object.values(body.payload.custom_details)])
      expect(value).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(Object.keys(body.payload.custom_details)).toEqual(["What happened", "Segment"]);
  });

  it("says where it was cut, and how many facts are left out", () => {
    const facts = Array.from({ length: 500 }, (_, i): [string, string] => [`fact ${i}`, "\u4e00".repeat(3_000)]);
    const { body } = pagerDutyEvent(aNotice({ title: "x".repeat(2_000), facts }));
    expect(body.payload.summary).toHaveLength(1_024);
    expect(body.payload.summary.at(-1)).toBe("…");
    expect(body.payload.custom_details.More).toMatch(/^\d+ facts are not shown$/);
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(480_000);
  });

  it("keeps two facts of one name, and a name JavaScript has a use for", () => {
    const facts: Notice["facts"] = [
      ["Limit", "1"],
      ["Limit", "2"],
      ["__proto__", "3"],
    ];
    const { custom_details } = pagerDutyEvent(aNotice({ facts })).body.payload;
    expect(JSON.parse(JSON.stringify(custom_details))).toHaveProperty("Limit (2)", "2");
    expect(JSON.stringify(custom_details)).toContain('"__proto__":"3"');
  });

  it.each(["javascript:alert(1)", "not a link", `http://x/${"y".repeat(3_000)}`])("has no link for %s", (link) => {
    expect(pagerDutyEvent(aNotice({ link })).body).toMatchObject({ links: [] });
  });
});

describe("the configuration of PagerDuty", () => {
  const good = { type: "pagerduty", routingKey: KEY };
  const parse = (change: object) => pagerduty.schema.safeParse({ ...good, ...change });

  it("leads to the US region unless it says otherwise, and takes the address of the call as well", async () => {
    expect(pagerduty.schema.parse(good).url).toBe("https://events.pagerduty.com");
    const double = await startPagerDutyDouble({ keys: [KEY] });
    for (const end of ["", "/", "/v2/enqueue", "/v2/change/enqueue"])
      await channelAt(`${double.url}${end}`).send(aNotice(), { signal: AbortSignal.timeout(5_000) });
    expect(double.accepted()).toHaveLength(4);
    await double.close();
  });

  it.each([
    ["no key", { routingKey: undefined }],
    ["a key that is too short", { routingKey: "hush-hush" }],
    ["a key that was not substituted", { routingKey: `\${env:hush-hush}` }],
    ["an address that is none", { url: "hush-hush" }],
    ["an unknown key", { severity: "critical" }],
    ["the key of a ruleset for stages", { routingKey: `R${KEY.slice(1)}` }],
  ])("refuses %s without repeating it", (_what, change) => {
    const text = JSON.stringify(parse(change).error?.issues ?? []);
    expect(text).not.toBe("[]");
    expect(text).not.toMatch(/hush-hush|89abcdef/);
  });

  it("takes the key of a ruleset for all but stages", () => {
    expect(parse({ routingKey: `R${KEY.slice(1)}`, on: ["rollback", "drained"] }).success).toBe(true);
  });
});
