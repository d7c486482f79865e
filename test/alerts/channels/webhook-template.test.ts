import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  createWebhookTemplateChannel,
  type WebhookTemplateConfig,
  webhookTemplate,
} from "../../../alerts/channels/webhook-template.ts";
import { startReceiverServer } from "../../../demo/receiver-server.ts";
import { startVendorDouble, type VendorDouble } from "../../doubles/flags/vendor-double.ts";
import { aNotice, MALICIOUS, NOTICE_TYPES, noticeFullOf } from "../a-notice.ts";
import { describeChannelContract } from "./channel-contract.ts";
import { httpSituations } from "./http-situations.ts";
import { goldenFile, noticeOfType } from "./notice-of-type.ts";

const KEY = "hush-hush-key";
const live = () => ({ signal: AbortSignal.timeout(5_000) });
const told = { id: "1", type: "rollback", phase: "open", at: 1, receipt: "told" } as const;

const BODY = {
  message: "{{title:60}}",
  alias: "{{key}}",
  priority: "{{severity:critical=P1,warning=P3,info=P5}}",
  description: "{{description}}",
  details: "{{facts}}",
  tags: ["leeway", "{{type}}"],
  count: 1,
};

const settings = (base: string): Omit<WebhookTemplateConfig, "type"> & { readonly name: string } => ({
  name: "template",
  on: ["rollback"],
  headers: { authorization: `GenieKey ${KEY}` },
  open: { url: `${base}/v2/alerts`, body: BODY },
  update: null,
  acknowledge: { url: `${base}/v2/alerts/{{key}}/acknowledge?by={{migration}}`, body: {} },
  resolve: { url: `${base}/v2/alerts/{{key}}/close`, body: { note: "{{title}}" } },
});

describeChannelContract("webhook-template", async () => {
  const bodies: string[] = [];
  const server = await startReceiverServer("", (headers, body) => {
    if (headers.authorization !== `GenieKey ${KEY}`) return { status: 401, body: "" };
    const { message } = JSON.parse(body) as { message: string };
    if (message.length < 1 || message.length > 60) return { status: 422, body: "" };
    bodies.push(body);
    return { status: 202, body: "{}" };
  });
  const elsewhere = await startReceiverServer("/", () => ({ status: 200, body: "" }));
  const secrets = [KEY, server.url];
  return {
    channel: createWebhookTemplateChannel(settings(server.url), { now: Date.now }),
    secrets,
    situations: httpSituations(server, secrets, elsewhere),
    heal: () => server.behave("accept"),
    hang: () => server.behave("hang"),
    arrived: () => bodies,
    close: async () => {
      expect(elsewhere.requests()).toBe(0);
      await Promise.all([server.close(), elsewhere.close()]);
    },
  };
});

describe("a webhook by a template", () => {
  let double: VendorDouble;
  beforeEach(async () => {
    double = await startVendorDouble({ handle: () => ({ status: 202, body: {} }), keep: () => () => {} });
  });
  afterEach(() => double.close());
  const channel = (changes: Partial<WebhookTemplateConfig> = {}) =>
    createWebhookTemplateChannel({ ...settings(double.url), ...changes, name: "template" }, { now: Date.now });
  const calls = () => double.requests.map(({ method, path, query }) => `${method} ${path} ${query}`.trim());

  it("tells an incident by the request of each phase", async () => {
    const incident = "größe/1 ?";
    const odd = { incident, migration: "a&b=c" };
    await channel().send(aNotice(odd), live());
    await channel().send(aNotice({ ...odd, phase: "update" }), { ...live(), earlier: [told] });
    await channel().send(aNotice({ ...odd, type: "ack", phase: "acknowledge" }), { ...live(), earlier: [told] });
    await channel().send(aNotice({ ...odd, type: "drained", phase: "resolve" }), { ...live(), earlier: [told] });
    expect(calls()).toEqual([
      "POST /v2/alerts",
      "POST /v2/alerts",
      `POST /v2/alerts/größe%2F1 %3F/acknowledge by=a%26b%3Dc`,
      `POST /v2/alerts/größe%2F1 %3F/close`,
    ]);
  });

  it("tells no end of what was not told, and nothing there is no template for", async () => {
    const drained = aNotice({ type: "drained", phase: "resolve" });
    expect((await channel().send(drained, live())).detail).toContain("nothing was told before");
    const sent = await channel({ resolve: null }).send(drained, { ...live(), earlier: [told] });
    expect(sent).toMatchObject({ outcome: "delivered", detail: expect.stringContaining("no template for resolve") });
    expect(calls()).toEqual([]);
  });

  it.each(NOTICE_TYPES)("says of a %s what it said", async (type) => {
    await channel().send(noticeOfType(type), { ...live(), earlier: [told] });
    const { path, body } = double.requests.at(-1) ?? {};
    await expect(`${path}\n${JSON.stringify(body, null, 2)}\n`).toMatchFileSnapshot(
      goldenFile("webhook-template", type),
    );
  });

  it.each([...MALICIOUS, ["a placeholder", "{{key}} {{facts}}"] as const])(
    "holds %s inside its text",
    async (_what, text) => {
      await channel().send(noticeFullOf(text), live());
      const body = double.requests.at(-1)?.body as Record<string, unknown>;
      expect(Object.keys(body)).toEqual(Object.keys(BODY));
      expect(body.alias).toBe("incident-1");
      expect(Object.keys(body.details as object)).toEqual(["Segment"]);
    },
  );
});

describe("the configuration of a template", () => {
  const good = { type: "webhook-template", ...settings("https://example.internal"), name: null };
  const issues = (change: object): string =>
    JSON.stringify(webhookTemplate.schema.safeParse({ ...good, ...change }).error?.issues ?? []);
  const open = (body: unknown, url = "https://example.internal/") => ({ open: { url, body } });

  it("is taken where it is right", () => {
    expect(issues({})).toBe("[]");
  });

  it("names the placeholders there are where one is unknown, and its place", () => {
    const text = issues(open({ a: ["{{titel}}"] }));
    expect(text).toContain('["open","body","a",0]');
    expect(text).toContain("expected one of: id, key, incident, migration, type, phase, severity");
  });

  it.each([
    ["half a placeholder", open({ a: "{{title" })],
    ["a placeholder in a key", open({ "{{title}}": "x" })],
    ["a placeholder in the host", open({}, "https://{{migration}}.example.internal/")],
    ["an unknown one in the address", open({}, "https://example.internal/{{hush}}")],
    ["facts in the middle of a text", open({ a: "all: {{facts}}" })],
    ["facts in the address", open({}, "https://example.internal/{{facts}}")],
    ["a severity that is not mapped", open({ a: "{{severity:critical=P1,warning=P2}}" })],
    ["words for what is no severity", open({ a: "{{type:rollback=P1}}" })],
    ["a length of nothing", open({ a: "{{title:0}}" })],
    ["a property of every object", open({ a: "{{constructor}}" })],
    ["a placeholder in a header", { headers: { "x-title": "{{title}}" } }],
    ["a line break in a header", { headers: { authorization: "hush-hush\r\nx: y" } }],
    ["no request", { open: undefined }],
    ["an unknown key", { reopen: {} }],
  ])("refuses %s", (_what, change) => {
    const text = issues(change);
    expect(text).not.toBe("[]");
    expect(text).not.toContain("hush-hush");
  });

  it("is taken as docs/alerts.md shows it", () => {
    const docs = readFileSync(new URL("../../../docs/alerts.md", import.meta.url), "utf8");
    const blocks = [...docs.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = ""]) => text);
    const examples = blocks.filter((text) => text.includes("type: webhook-template"));
    expect(examples).toHaveLength(3);
    for (const text of examples) {
      const { alerts } = parse(
        text.replaceAll(/\$\{env:\w+\}/g, (name) => (name.includes("URL") ? "https://example.com/x" : "a-value")),
      ) as { alerts: unknown[] };
      for (const each of alerts) expect(webhookTemplate.schema.safeParse(each).error?.issues ?? []).toEqual([]);
    }
  });
});
