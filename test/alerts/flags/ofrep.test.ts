import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { type Client, OpenFeature } from "@openfeature/server-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createConversationArms } from "../../../alerts/flags/conversation-arms.ts";
import { handleOfrep, type ServedFlag } from "../../../alerts/flags/ofrep.ts";

const flag = (name: string, share: number): [string, ServedFlag] => [
  name,
  {
    state: { flag: name, share, enabled: share > 0, revision: `r${share}` },
    values: { baseline: "gpt-old", canary: "gpt-new" },
  },
];
const flags = new Map([flag("half", 0.5), flag("off", 0), flag("all", 1)]);
const ask = (key: string | null, body: unknown, ifNoneMatch: string | null = null) =>
  handleOfrep({ key, body, ifNoneMatch }, flags);
const user = { context: { targetingKey: "ana", plan: "pro" } };

describe("the answer for one flag", () => {
  it.each([
    ["a body that was no JSON", "half", undefined, 400, "PARSE_ERROR"],
    ["an array", "half", [], 400, "PARSE_ERROR"],
    ["null", "half", null, 400, "PARSE_ERROR"],
    ["a context that is a string", "half", { context: "ana" }, 400, "INVALID_CONTEXT"],
    ["a targeting key that is a number", "half", { context: { targetingKey: 7 } }, 400, "INVALID_CONTEXT"],
    ["no context while the flag splits", "half", {}, 400, "TARGETING_KEY_MISSING"],
    ["an empty targeting key", "half", { context: { targetingKey: "" } }, 400, "TARGETING_KEY_MISSING"],
    ["an unknown flag", "nope", user, 404, "FLAG_NOT_FOUND"],
    ["a flag named like a method", "constructor", user, 404, "FLAG_NOT_FOUND"],
  ])("refuses %s", (_what, key, body, status, errorCode) => {
    const answer = ask(key, body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ key, errorCode });
    expect(answer.headers["content-type"]).toBe("application/json");
  });

  it("is the evaluation", () => {
    expect(ask("half", user)).toMatchObject({
      status: 200,
      body: { key: "half", reason: "SPLIT", metadata: { revision: "r0.5", share: 0.5 } },
    });
  });

  it("needs no targeting key once everybody gets the same variant: after a rollback everyone hears baseline", () => {
    expect(ask("off", {})).toMatchObject({ status: 200, body: { variant: "baseline", value: "gpt-old" } });
    expect(ask("all", {})).toMatchObject({ status: 200, body: { variant: "canary", value: "gpt-new" } });
  });
});

describe("the answer for a turn of a conversation", () => {
  const log = {
    load: () => ({ old: [], young: [], since: null }),
    add: () => undefined,
    rotate: () => undefined,
    problem: () => "",
    close: () => Promise.resolve(),
  };
  const served = () => {
    const conversations = createConversationArms({ now: () => 0, log });
    return (share: number, context: object) => {
      const [name, { state, values }] = flag("model", share);
      const request = { key: name, body: { context }, ifNoneMatch: null };
      return handleOfrep(request, new Map([[name, { state, values, conversations }]]));
    };
  };

  it.each(["conversationId", "gen_ai.conversation.id"])("keeps the arm by %s and says what came of it", (name) => {
    const turn = served();
    const context = { targetingKey: "ana", [name]: "c-1" };
    const said = [0, 1, 0].map((share) => turn(share, context).body);
    expect(said).toMatchObject([
      { variant: "baseline", metadata: { conversation: "new" } },
      { variant: "baseline", value: "gpt-old", metadata: { conversation: "kept", share: 1 } },
      { variant: "baseline", metadata: { conversation: "kept" } },
    ]);
    expect(turn(1, { ...context, [name]: "c-2" }).body).toMatchObject({ variant: "canary" });
    const moved = turn(0, { ...context, [name]: "c-2" }).body;
    expect(moved).toMatchObject({ variant: "baseline", metadata: { conversation: "moved", handoff: "canary" } });
    expect(turn(0, { ...context, [name]: "c-2" }).body).not.toHaveProperty("metadata.handoff");
  });

  it("needs no targeting key", () => {
    expect(served()(0.5, { conversationId: "c" })).toMatchObject({ status: 200, body: { reason: "SPLIT" } });
    expect(ask("half", { context: { conversationId: "c" } })).toMatchObject({ status: 200 });
  });

  it.each([[""], [null], [{}], [["c"]], [true]])("is that of no conversation where its id is %j", (conversationId) => {
    const body = served()(0.5, { targetingKey: "ana", conversationId }).body;
    expect(body).toMatchObject({ reason: "SPLIT" });
    expect(body).not.toHaveProperty("metadata.conversation");
  });

  it("takes a number for an id", () => {
    const turn = served();
    turn(0, { conversationId: 7 });
    expect(turn(1, { conversationId: "7" }).body).toMatchObject({ metadata: { conversation: "kept" } });
  });
});

describe("the bulk answer", () => {
  it("holds every flag and an ETag", () => {
    const answer = ask(null, user);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ flags: [{ key: "half" }, { key: "off" }, { key: "all" }] });
    expect(answer.headers.etag).toMatch(/^"[0-9a-f]{32}"$/);
  });

  it.each(["%s", "W/%s", '"other", %s', "*"])("is 304 without a body when the client has it: %s", (form) => {
    const etag = ask(null, user).headers.etag ?? "";
    expect(ask(null, user, form.replace("%s", etag))).toEqual({ status: 304, headers: { etag }, body: null });
  });

  it("has another ETag for another user and after another share", () => {
    const etag = ask(null, user).headers.etag ?? "";
    const changed = handleOfrep({ key: null, body: user, ifNoneMatch: etag }, new Map([flag("half", 0)]));
    expect(changed.status).toBe(200);
    const variants = ["a", "b", "c", "d", "e", "f"].map(
      (key) => ask(null, { context: { targetingKey: key } }, etag).status,
    );
    expect(variants).toContain(200);
  });

  it("puts a missing targeting key at the flag that needs it, and still answers the others", () => {
    expect(ask(null, {}).body).toMatchObject({
      flags: [{ key: "half", errorCode: "TARGETING_KEY_MISSING" }, { key: "off", variant: "baseline" }, { key: "all" }],
    });
  });

  it("refuses a body it cannot read", () => {
    expect(ask(null, undefined)).toMatchObject({ status: 400, body: { errorCode: "PARSE_ERROR" } });
  });
});

describe("the real OFREP provider and OpenFeature SDK", () => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      const key = /^\/ofrep\/v1\/evaluate\/flags\/([^/]+)$/.exec(request.url ?? "")?.[1];
      const answer = ask(decodeURIComponent(key ?? ""), JSON.parse(text));
      response.writeHead(answer.status, answer.headers).end(answer.body && JSON.stringify(answer.body));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await OpenFeature.setProviderAndWait("ofrep-test", new OFREPProvider({ baseUrl }));
    client = OpenFeature.getClient("ofrep-test");
  });

  afterAll(async () => {
    await OpenFeature.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  it("understand variant, value, reason and metadata", async () => {
    const details = await client.getStringDetails("half", "code-default", { targetingKey: "ana" });
    expect(details).toMatchObject({ reason: "SPLIT", flagMetadata: { revision: "r0.5", share: 0.5 } });
    expect(details.value).toBe(details.variant === "canary" ? "gpt-new" : "gpt-old");
    const again = await client.getStringDetails("half", "code-default", { targetingKey: "ana" });
    expect(again.variant).toBe(details.variant);
  });

  it("serve the baseline to everyone when the flag is off", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => client.getStringDetails("off", "code-default", { targetingKey: `u${i}` })),
    );
    expect(new Set(answers.map((a) => `${a.variant} ${a.value}`))).toEqual(new Set(["baseline gpt-old"]));
  });

  it.each([
    ["nope", { targetingKey: "ana" }, "FLAG_NOT_FOUND"],
    ["half", {}, "TARGETING_KEY_MISSING"],
  ])("fall back to the code's default with the error code (%s)", async (key, context, errorCode) => {
    expect(await client.getStringDetails(key, "code-default", context)).toMatchObject({
      value: "code-default",
      errorCode,
    });
  });
});
