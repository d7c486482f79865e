import { afterEach, describe, expect, it } from "vitest";
import {
  type AlertmanagerConfig,
  alertmanager,
  createAlertmanagerChannel,
} from "../../../alerts/channels/alertmanager.ts";
import { firingAlert } from "../../../alerts/channels/alertmanager-alert.ts";
import type { DeliveredNotice, Notice } from "../../../core/notice.ts";
import { startReceiverServer } from "../../../demo/receiver-server.ts";
import { type AlertmanagerDouble, startAlertmanagerDouble } from "../../doubles/channels/alertmanager-double.ts";
import { asReceiver } from "../../doubles/channels/as-receiver.ts";
import { aNotice, MALICIOUS, NOTICE_TYPES, noticeFullOf } from "../a-notice.ts";
import { describeChannelContract } from "./channel-contract.ts";
import { httpSituations } from "./http-situations.ts";
import { goldenFile, noticeOfType } from "./notice-of-type.ts";

const TOKEN = "hush-hush-token";
const START = 1_800_000_000_000;

const channelAt = (url: string, now: () => number, changes: Partial<AlertmanagerConfig> = {}) =>
  createAlertmanagerChannel(
    { url, token: TOKEN, labels: { team: "support" }, endsAfterMinutes: 9, on: ["rollback"], ...changes, name: "am" },
    { now },
  );

describeChannelContract("alertmanager", async () => {
  const double = await startAlertmanagerDouble({ now: () => START, token: TOKEN });
  const receiver = asReceiver(double);
  const elsewhere = await startReceiverServer("/", () => ({ status: 200, body: "" }));
  const secrets = [TOKEN, receiver.url];
  return {
    channel: channelAt(receiver.url, () => START),
    secrets,
    situations: [
      ...httpSituations(receiver, secrets, elsewhere),
      { name: "200 with a proxy's page", arrange: () => receiver.behave("lie"), outcome: "retry" },
      { name: "204", arrange: () => receiver.behave({ status: 204, body: "" }), outcome: "retry" },
    ],
    heal: () => receiver.behave("accept"),
    hang: () => receiver.behave("hang"),
    arrived: () => double.posted().map((alert) => JSON.stringify(alert)),
    close: async () => {
      expect(elsewhere.requests()).toBe(0);
      expect(double.refused()).toEqual([]);
      await Promise.all([receiver.close(), elsewhere.close()]);
    },
  };
});

describe("Alertmanager's alerts", () => {
  let double: AlertmanagerDouble;
  let now = START;
  afterEach(() => double.close());
  const start = async () => {
    now = START;
    double = await startAlertmanagerDouble({ now: () => now, token: TOKEN });
    const earlier: DeliveredNotice[] = [];
    const channel = channelAt(double.url, () => now);
    const send = async (notice: Notice) => {
      const delivery = await channel.send(notice, { signal: AbortSignal.timeout(5_000), earlier });
      const { id, type, phase, at } = notice;
      if (delivery.outcome === "delivered") earlier.push({ id, type, phase, at, receipt: delivery.receipt ?? "" });
      return delivery;
    };
    return { channel, send };
  };
  const overdue = aNotice({ id: "2", at: START + 60_000, type: "page", phase: "update", title: "NOT ROLLED BACK" });
  const drained = aNotice({ id: "3", type: "drained", phase: "resolve", severity: "info", title: "Drained" });
  const names = () => double.firing().map(({ labels }) => labels.alertname);

  it("fire until the end is told, which ends all of the incident", async () => {
    const { send } = await start();
    await send(aNotice());
    await send(overdue);
    expect(names()).toEqual(["LeewayRollback", "LeewayPage"]);
    expect(await send(drained)).toMatchObject({ outcome: "delivered", detail: "resolved" });
    expect(names()).toEqual([]);
    expect(
      double
        .posted()
        .slice(-2)
        .map(({ annotations }) => annotations?.summary),
    ).toEqual(["Drained", "Drained"]);
  });

  it("end by themselves, unless they are told again in time; and fire on then, as the same alerts", async () => {
    const { channel, send } = await start();
    await send(aNotice());
    await send(overdue);
    const before = double.firing();
    for (let i = 0; i < 20; i++) {
      now += channel.keepAlive?.everyMs ?? 0;
      const sent = await channel.keepAlive?.send([aNotice(), overdue], AbortSignal.timeout(5_000));
      expect(sent).toMatchObject({ outcome: "delivered" });
      expect(double.firing().map(({ labels, startsAt }) => [labels, startsAt])).toEqual(
        before.map(({ labels, startsAt }) => [labels, startsAt]),
      );
    }
    await send(drained);
    expect(names()).toEqual([]);
    await send(aNotice());
    now += 9 * 60_000;
    expect(names()).toEqual([]);
  });

  it("are told also where the clock of who wrote the notice is hours ahead", async () => {
    const { send } = await start();
    expect(await send(aNotice({ at: START + 86_400_000 }))).toMatchObject({ outcome: "delivered" });
    expect(await send({ ...drained, at: START + 86_400_000 })).toMatchObject({ outcome: "delivered" });
    expect(names()).toEqual([]);
  });

  it("are nothing for an acknowledgement, and for the end of what was not told", async () => {
    const { send } = await start();
    expect((await send(drained)).detail).toContain("nothing to resolve");
    expect((await send(aNotice({ type: "ack", phase: "acknowledge" }))).detail).toContain("silences");
    expect(double.requests).toHaveLength(0);
  });

  it("of a test are over after a minute", async () => {
    const { send } = await start();
    await send(aNotice({ type: "test", phase: "update", severity: "info", incident: "" }));
    expect(names()).toEqual(["LeewayTest"]);
    now += 60_000;
    expect(names()).toEqual([]);
  });

  it("cannot be told with the wrong token, and nobody reads the right one", async () => {
    await start();
    const wrong = channelAt(double.url, () => now, { token: "another" });
    expect(await wrong.send(aNotice(), { signal: AbortSignal.timeout(5_000) })).toEqual({
      outcome: "failed",
      detail: "HTTP 401",
    });
    expect(await wrong.probe?.(AbortSignal.timeout(5_000))).toMatchObject({ outcome: "failed" });
  });
});

describe("Alertmanager's alert", () => {
  it.each(NOTICE_TYPES)("of a %s is as it was", async (type) => {
    const text = JSON.stringify(firingAlert(noticeOfType(type), START + 600_000, { team: "support" }), null, 2);
    await expect(`${text}\n`).toMatchFileSnapshot(goldenFile("alertmanager", type));
  });

  it.each(MALICIOUS)("holds %s in annotations, and its labels are those of any other", (_what, text) => {
    const { labels, annotations } = firingAlert(noticeFullOf(text), START, {});
    expect(labels).toEqual(firingAlert(aNotice(), START, {}).labels);
    for (const value of Object.values(annotations))
      expect(value.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(annotations.description?.split("\n")).toHaveLength(3);
  });
});

describe("the configuration of Alertmanager", () => {
  const good = { type: "alertmanager", url: "http://alertmanager:9093" };

  it("takes the address of the API as well, and a prefix", async () => {
    const double = await startAlertmanagerDouble();
    for (const end of ["", "/", "/api/v2"])
      await channelAt(`${double.url}${end}`, Date.now).send(aNotice(), { signal: AbortSignal.timeout(5_000) });
    expect(double.posted()).toHaveLength(3);
    await double.close();
  });

  it.each([
    ["no address", { url: undefined }],
    ["a label of Leeway's own", { labels: { severity: "hush-hush" } }],
    ["a label Alertmanager does not take", { labels: { "a-b": "hush-hush" } }],
    ["an empty label", { labels: { team: "" } }],
    ["a token with a line break", { token: "hush-hush\r\nx: y" }],
    ["an end at once", { endsAfterMinutes: 0 }],
    ["an unknown key", { silence: "hush-hush" }],
  ])("refuses %s without repeating it", (_what, change) => {
    const text = JSON.stringify(alertmanager.schema.safeParse({ ...good, ...change }).error?.issues ?? []);
    expect(text).not.toBe("[]");
    expect(text).not.toContain("hush-hush");
  });
});
