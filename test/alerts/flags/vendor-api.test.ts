import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createVendorApi, type VendorApiSettings, type VendorRequest } from "../../../alerts/flags/vendor-api.ts";
import {
  BUSY_MS,
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
} from "../../doubles/flags/vendor-double.ts";

const TOKEN = "tok-1234567890";
const NOW = Date.UTC(2026, 10, 30);

let double: VendorDouble;
beforeAll(async () => {
  double = await startVendorDouble({
    handle: () => ({ status: 200, body: { on: true, more: 1 } }),
    keep: () => () => undefined,
  });
});
afterAll(() => double.close());

const ASK: VendorRequest<{ on: boolean }> = {
  what: "reading the flag",
  method: "GET",
  path: "/flags/a%20b?x=1",
  answer: z.object({ on: z.boolean() }),
};

const api = (settings: Partial<VendorApiSettings> = {}) =>
  createVendorApi({
    base: double.url,
    headers: { authorization: TOKEN },
    secrets: [TOKEN],
    now: () => NOW,
    timeoutMs: BUSY_MS,
    ...settings,
  });

const answering = (reply: VendorDoubleReply, settings: Partial<VendorApiSettings> = {}) => {
  double.behave(() => reply);
  return api(settings)(ASK);
};

describe("a vendor's API", () => {
  it("sends the token and the body, and gives the part of the answer that was asked for", async () => {
    double.behave("work");
    expect(await api()({ ...ASK, method: "PATCH", body: { on: false } })).toMatchObject({ value: { on: true } });
    const { headers, body, path } = double.requests.at(-1) ?? {};
    expect({ path, body, token: headers?.authorization }).toEqual({
      path: "/flags/a b",
      body: { on: false },
      token: TOKEN,
    });
  });

  it.each([
    [401, "auth"],
    [403, "auth"],
    [404, "not-found"],
    [409, "conflict"],
    [412, "conflict"],
    [423, "approval-required"],
    [429, "rate-limited"],
    [408, "transient"],
    [500, "transient"],
    [503, "transient"],
    [400, "permanent"],
    [422, "permanent"],
    [302, "permanent"],
  ])("takes HTTP %d for %s", async (status, why) => {
    const failed = await answering({ status, body: `<html>${TOKEN}` });
    expect(failed).toMatchObject({ outcome: "failed", why, retryAfterMs: null });
    expect(failed).toMatchObject({ detail: expect.stringMatching(/^reading the flag: HTTP \d+/) });
    expect(JSON.stringify(failed)).not.toContain(TOKEN);
  });

  it("passes on how long to wait: Retry-After, else the vendor's own headers", async () => {
    const headers = { "retry-after": "7", "x-reset": "9000" };
    const wait: VendorApiSettings["wait"] = (all) => Number(all.get("x-reset"));
    expect(await answering({ status: 429, headers }, { wait })).toMatchObject({ retryAfterMs: 7_000 });
    expect(await answering({ status: 429, headers: { "x-reset": "9000" } }, { wait })).toMatchObject({
      retryAfterMs: 9_000,
    });
  });

  it("lets the vendor mean something else by a status, and never repeats a token from its words", async () => {
    const refusal: VendorApiSettings["refusal"] = ({ status, body }) =>
      status === 500 ? { why: "conflict", detail: `said ${JSON.stringify(body)}` } : null;
    const failed = await answering({ status: 500, body: { message: `bad ${TOKEN}\nnext` } }, { refusal });
    expect(failed).toMatchObject({ why: "conflict", detail: expect.stringContaining("said") });
    expect(JSON.stringify(failed)).not.toContain(TOKEN);
    expect("detail" in failed && failed.detail).not.toContain("\n");
  });

  it.each<[string, VendorDoubleReply, string, string]>([
    ["a proxy's page", { status: 200, body: "<html>log in" }, "transient", "no JSON"],
    ["half an answer", { status: 200, body: '{"on":tr' }, "transient", "no JSON"],
    ["another shape", { status: 200, body: { on: "yes" } }, "permanent", "on is not what the API documents"],
    ["nothing", { status: 200 }, "permanent", "the answer is not what the API documents"],
    ["an endless answer", { status: 200, body: "x".repeat(9_000_000) }, "permanent", "larger than"],
  ])("does not believe %s", async (_name, reply, why, detail) => {
    expect(await answering(reply)).toMatchObject({ outcome: "failed", why, detail: expect.stringContaining(detail) });
  });

  it.each(["hang", "reset"] as const)("gives up on a system that does: %s", async (mood) => {
    double.behave(mood);
    expect(await api()(ASK)).toMatchObject({ outcome: "failed", why: "transient" });
  });
});
