import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWebhookChannel, webhook } from "../../../alerts/channels/webhook.ts";
import { type ReceiverServer, startReceiverServer } from "../../../demo/receiver-server.ts";
import { startWebhookReceiver } from "../../../demo/receivers.ts";
import { aNotice } from "../a-notice.ts";
import { describeChannelContract } from "./channel-contract.ts";
import { httpSituations } from "./http-situations.ts";

const SECRET = `whsec_${Buffer.from("thirty-two bytes of secret text!").toString("base64")}`;
const ON = ["rollback", "page"] as const;
const live = () => ({ signal: AbortSignal.timeout(5_000) });

describeChannelContract("webhook", async () => {
  const receiver = await startWebhookReceiver({ secret: SECRET });
  const elsewhere = await startReceiverServer("/", () => ({ status: 200, body: "stolen" }));
  const url = `${receiver.url}?token=in-the-address`;
  const secrets = [SECRET, SECRET.slice(6), "in-the-address", receiver.url];
  return {
    channel: createWebhookChannel({ name: "webhook", url, secret: SECRET, on: ON }, { now: Date.now }),
    secrets,
    situations: [
      ...httpSituations(receiver, secrets, elsewhere),
      // A receiver that says 2xx has taken the notice: Standard Webhooks leaves no other reading.
      { name: "200 with a page", arrange: () => receiver.behave("lie"), outcome: "delivered" },
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

describe("a signed webhook", () => {
  let server: ReceiverServer;
  let seen: { headers: Record<string, unknown>; body: string }[];
  beforeAll(async () => {
    seen = [];
    server = await startReceiverServer("/", (headers, body) => {
      seen.push({ headers, body });
      return { status: 200, body: "" };
    });
  });
  afterAll(() => server.close());

  const channelAt = (now: () => number, url = server.url) =>
    createWebhookChannel({ name: "webhook", url, secret: SECRET, on: ON }, { now });

  it("keeps its id over tries while the time of the try moves on", async () => {
    let now = 1_800_000_000_400;
    const channel = channelAt(() => now);
    await channel.send(aNotice(), live());
    now += 60_000;
    await channel.send(aNotice(), live());
    const [first, second] = seen.slice(-2);
    expect(first?.headers["webhook-id"]).toBe(aNotice().id);
    expect(second?.headers["webhook-id"]).toBe(aNotice().id);
    expect([first, second].map((s) => s?.headers["webhook-timestamp"])).toEqual(["1800000000", "1800000060"]);
    expect(first?.body).toBe(second?.body);
  });

  it("is verified by the reference library and no longer once a byte is changed", async () => {
    await channelAt(Date.now).send(aNotice(), live());
    const { headers, body } = seen.at(-1) ?? { headers: {}, body: "" };
    const verifier = new Webhook(SECRET);
    const signed = headers as Record<string, string>;
    expect(verifier.verify(body, signed)).toEqual({
      type: "leeway.rollback",
      timestamp: "2027-01-15T08:00:00.000Z",
      data: JSON.parse(JSON.stringify(aNotice())),
    });
    expect(() => verifier.verify(body.replace("19.8%", "0.0%"), signed)).toThrow("No matching signature");
    expect(() => verifier.verify(body, { ...signed, "webhook-id": "other" })).toThrow("No matching signature");
  });

  it("carries an id that is no ASCII in a form a header can hold", async () => {
    expect(await channelAt(Date.now).send(aNotice({ id: "größe\n/1" }), live())).toMatchObject({
      outcome: "delivered",
    });
    expect(seen.at(-1)?.headers["webhook-id"]).toBe("gr%C3%B6%C3%9Fe%0A%2F1");
  });

  it.each([
    ["seconds", "7", 7_000],
    ["an HTTP date", "Fri, 15 Jan 2027 08:00:30 GMT", 30_000],
    ["a date that is past", "Fri, 15 Jan 2021 08:00:30 GMT", null],
    ["nonsense", "soon", null],
    ["a negative number", "-5", null],
    ["zero", "0", null],
  ])("honours Retry-After as %s", async (_what, header, retryAfterMs) => {
    server.behave({ status: 429, body: "", headers: { "retry-after": header } });
    const delivery = await channelAt(() => 1_800_000_000_000).send(aNotice(), live());
    expect(delivery).toEqual({ outcome: "retry", detail: "HTTP 429", retryAfterMs });
    server.behave("accept");
  });

  it("does not listen to an answer without end", async () => {
    const endless = createServer((_request, response) => {
      response.writeHead(503);
      const more = (): void => {
        if (!response.destroyed) response.write("x".repeat(64_000), more);
      };
      more();
    });
    await new Promise<void>((done) => endless.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}/`;
    expect(await channelAt(Date.now, url).send(aNotice(), live())).toMatchObject({
      outcome: "retry",
      detail: "HTTP 503",
    });
    endless.closeAllConnections();
    await new Promise((done) => endless.close(done));
  });

  it("says what to do about a redirect and about a receiver that is gone", async () => {
    server.behave({ status: 307, body: "", headers: { location: "/elsewhere" } });
    expect((await channelAt(Date.now).send(aNotice(), live())).detail).toContain("configure the final address");
    server.behave({ status: 410, body: "" });
    expect((await channelAt(Date.now).send(aNotice(), live())).detail).toContain("remove this channel");
    server.behave("accept");
  });

  it.each([
    ["refused", "http://127.0.0.1:1/hook", /^network error: [A-Z]+$|^network error: no connection$/],
    ["unknown", "http://nobody.invalid/hook", /^network error: (ENOTFOUND|EAI_AGAIN)$/],
  ])("reports a connection that is %s without the address", async (_what, url, detail) => {
    const delivery = await channelAt(Date.now, url).send(aNotice(), live());
    expect(delivery).toMatchObject({ outcome: "retry", detail: expect.stringMatching(detail) });
  });
});

describe("the configuration of a webhook", () => {
  const good = { type: "webhook", url: "https://example.internal/leeway", secret: SECRET };
  const messages = (input: object): string => JSON.stringify(webhook.schema.safeParse(input).error?.issues ?? []);

  it("carries everything unless `on` says otherwise", () => {
    expect(webhook.schema.parse(good).on).toEqual(["stage", "pause", "rollback", "page", "drift", "drained"]);
    expect(webhook.schema.parse({ ...good, on: ["page"] }).on).toEqual(["page"]);
  });

  it.each([
    ["an empty list", { on: [] }],
    ["an unknown type", { on: ["rolback"] }],
    ["test, which every channel gets", { on: ["test"] }],
    ["an unknown key", { urll: "x" }],
    ["no URL", { url: undefined }],
    ["another protocol", { url: "ftp://hush-hush.example/" }],
    ["a password in the URL", { url: "https://me:hush-hush@example.internal/" }],
    ["a secret without prefix", { secret: "hush-hush" }],
    ["a secret that is too short", { secret: "whsec_aHVzaC1odXNo" }],
    ["a secret that is no base64", { secret: "whsec_hush-hush" }],
    ["a secret that was not substituted", { secret: `\${env:HOOK_SECRET}` }],
  ])("refuses %s and repeats no secret", (_what, change) => {
    const text = messages({ ...good, ...change });
    expect(text).not.toBe("[]");
    expect(text).not.toMatch(/hush-hush|aHVzaC1odXNo/);
    expect(text).not.toContain(SECRET);
  });
});
