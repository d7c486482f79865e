import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it } from "vitest";
import type { ReceiverMode, ReceiverServer } from "../../demo/receiver-server.ts";
import { startSlackReceiver, startWebhookReceiver } from "../../demo/receivers.ts";

const SECRET = `whsec_${Buffer.from("thirty-two bytes of secret text!").toString("base64")}`;
const OTHER = `whsec_${Buffer.from("another thirty-two byte secret!!").toString("base64")}`;
const NOTICE = {
  id: "n-1",
  at: 1_800_000_000_000,
  type: "rollback",
  severity: "critical",
  phase: "open",
  migration: "support-bot",
  incident: "i-1",
  title: "Rolled back",
  summary: "Because.",
  facts: [["Limit", "5%"]],
  sections: [["What happened", "A summary."]],
  link: "",
  links: [{ label: "Runbook", url: "https://wiki.example/runbook" }],
};
const BODY = { type: "leeway.rollback", timestamp: "2027-01-15T08:00:00.000Z", data: NOTICE };

const open: ReceiverServer[] = [];
const opened = <T extends ReceiverServer>(receiver: T): T => {
  open.push(receiver);
  return receiver;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((receiver) => receiver.close()));
});

const post = async (url: string, text: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { method: "POST", body: text, headers, signal: AbortSignal.timeout(5_000) });
  return { status: response.status, text: await response.text(), retryAfter: response.headers.get("retry-after") };
};

const signed = (text: string, { secret = SECRET, id = "n-1", at = new Date() } = {}): Record<string, string> => ({
  "webhook-id": id,
  "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
  "webhook-signature": new Webhook(secret).sign(id, at, text),
});

describe("the webhook receiver", () => {
  it("keeps what is signed and well formed, repeats included", async () => {
    const receiver = opened(await startWebhookReceiver({ secret: SECRET }));
    const text = JSON.stringify(BODY);
    expect((await post(receiver.url, text, signed(text))).status).toBe(204);
    expect((await post(receiver.url, text, signed(text))).status).toBe(204);
    expect(receiver.received()).toMatchObject([{ id: "n-1", ...BODY }, { id: "n-1" }]);
    expect(receiver.refused()).toEqual([]);
  });

  const old = new Date(Date.now() - 6 * 60_000);
  it.each<[string, (text: string) => Record<string, string>]>([
    ["no signature", () => ({})],
    ["another secret", (text) => signed(text, { secret: OTHER })],
    ["a changed body", (text) => signed(`${text} `)],
    ["an old signature", (text) => signed(text, { at: old })],
    ["another id", (text) => ({ ...signed(text), "webhook-id": "n-2" })],
  ])("turns away %s", async (_what, headers) => {
    const receiver = opened(await startWebhookReceiver({ secret: SECRET }));
    const text = JSON.stringify(BODY);
    expect((await post(receiver.url, text, headers(text))).status).toBe(401);
    expect(receiver.received()).toEqual([]);
    expect(receiver.refused()).toMatchObject([{ reason: expect.stringMatching(/^signature: /) }]);
  });

  it.each<[string, object]>([
    ["another type than the notice's", { ...BODY, type: "leeway.page" }],
    ["a type that does not exist", { ...BODY, data: { ...NOTICE, type: "boo" }, type: "leeway.boo" }],
    ["a time that is not the notice's", { ...BODY, timestamp: "2027-01-15T08:00:01.000Z" }],
    ["a time that is none", { ...BODY, timestamp: "yesterday" }],
    ["an extra key", { ...BODY, extra: 1 }],
    ["an extra key in the notice", { ...BODY, data: { ...NOTICE, extra: 1 } }],
    ["a title of 151 characters", { ...BODY, data: { ...NOTICE, title: "x".repeat(151) } }],
    ["no summary", { ...BODY, data: { ...NOTICE, summary: "" } }],
    ["facts that are no pairs", { ...BODY, data: { ...NOTICE, facts: [["a"]] } }],
    ["a link that is no web address", { ...BODY, data: { ...NOTICE, links: [{ label: "x", url: "ftp://x/" }] } }],
    ["no sections", { ...BODY, data: { ...NOTICE, sections: [] } }],
    ["a relative link", { ...BODY, data: { ...NOTICE, link: "/here" } }],
  ])("turns away a signed body with %s", async (_what, body) => {
    const receiver = opened(await startWebhookReceiver({ secret: SECRET }));
    const text = JSON.stringify(body);
    expect((await post(receiver.url, text, signed(text))).status).toBe(400);
    expect(receiver.received()).toEqual([]);
    expect(receiver.refused()).toHaveLength(1);
  });
});

describe("the Slack receiver", () => {
  it.each<[string, string, number, string]>([
    ["a message", JSON.stringify({ text: "x" }), 200, "ok"],
    ["no JSON", "{", 400, "invalid_payload"],
    ["no text", JSON.stringify({ blocks: [{ type: "divider" }] }), 400, "missing_text_or_fallback_or_attachments"],
    ["an unknown key", JSON.stringify({ text: "x", chanel: 1 }), 400, "invalid_payload"],
    ["an unknown block", JSON.stringify({ text: "x", blocks: [{ type: "poem" }] }), 400, "invalid_blocks"],
    [
      "a section with nothing in it",
      JSON.stringify({ text: "x", blocks: [{ type: "section" }] }),
      400,
      "invalid_blocks",
    ],
  ])("answers %s with Slack's plain text", async (_what, body, status, text) => {
    const receiver = opened(await startSlackReceiver());
    expect(await post(receiver.url, body)).toMatchObject({ status, text });
    expect([receiver.received().length, receiver.refused().length]).toEqual(status === 200 ? [1, 0] : [0, 1]);
  });

  it("lets bursts through unless the limit is switched on", async () => {
    const body = JSON.stringify({ text: "x" });
    const free = opened(await startSlackReceiver());
    expect([(await post(free.url, body)).status, (await post(free.url, body)).status]).toEqual([200, 200]);
    const limited = opened(await startSlackReceiver({ rateLimit: true }));
    expect((await post(limited.url, body)).status).toBe(200);
    expect(await post(limited.url, body)).toMatchObject({ status: 429, retryAfter: "1" });
    await expect.poll(async () => (await post(limited.url, body)).status).toBe(200);
  });
});

describe("a receiver that misbehaves", () => {
  const outcome = (receiver: ReceiverServer): Promise<unknown> =>
    fetch(receiver.url, { method: "POST", body: "x", signal: AbortSignal.timeout(300) }).then(
      async (response) => [response.status, await response.text()],
      (error: unknown) => (error instanceof Error ? error.name : "?"),
    );

  it.each<[string, ReceiverMode, unknown]>([
    ["fails with what it is told to", { status: 503, body: "overloaded" }, [503, "overloaded"]],
    ["lies", "lie", [200, expect.stringContaining("<html>")]],
    ["hangs", "hang", "TimeoutError"],
    ["resets", "reset", "TypeError"],
  ])("%s, keeps nothing, and recovers", async (_what, mode, expected) => {
    const receiver = opened(await startSlackReceiver());
    receiver.behave(mode);
    expect(await outcome(receiver)).toEqual(expected);
    expect(receiver.received()).toEqual([]);
    receiver.behave("accept");
    expect((await post(receiver.url, JSON.stringify({ text: "x" }))).status).toBe(200);
    expect(receiver.requests()).toBe(2);
  });

  it("refuses what is no POST and what is too large", async () => {
    const receiver = opened(await startSlackReceiver());
    expect((await fetch(receiver.url)).status).toBe(405);
    expect((await post(receiver.url, "x".repeat(600_000))).status).toBe(413);
  });

  it("closes even while a request hangs", async () => {
    const receiver = await startSlackReceiver();
    receiver.behave("hang");
    const hanging = outcome(receiver);
    await expect.poll(() => receiver.requests()).toBe(1);
    await receiver.close();
    expect(await hanging).toBe("TypeError");
  });
});
