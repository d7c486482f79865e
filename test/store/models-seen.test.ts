import { afterAll, beforeAll, expect, it } from "vitest";
import { LEEWAY } from "../../core/attributes.ts";
import { aBatch, aSpan } from "./a-span.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

it("has the models of calls since a moment, each call once, by provider, without a sentinel's probes", async () => {
  const end_ms = Date.now() - 10_000;
  const asked = { end_ms, request_model: "gpt", provider: "openai", migration: "m" };
  const twice = aSpan({ ...asked, response_model: "gpt-0806" });
  const rows = [
    ...[twice, twice, aSpan({ ...asked, response_model: "gpt-1120" })],
    aSpan({ ...asked, provider: "azure", response_model: "" }),
    aSpan({ ...asked, end_ms: end_ms - 60_000 }),
    aSpan({ ...asked, request_model: "probed", scope: LEEWAY.sentinelScope }),
    aSpan({ ...asked, request_model: "", response_model: "answered" }),
    aSpan({ ...asked, request_model: "", response_model: "" }),
  ];
  await test.store().insertSpans(aBatch(rows));
  const reader = await test.openReader();
  const seen = await reader.modelsSeen(end_ms - 1_000).finally(reader.close);
  expect(seen.map(({ model, provider, calls, newest }) => [model, provider, calls, newest])).toEqual([
    ["gpt", "openai", 2, end_ms],
    ["answered", "openai", 1, end_ms],
    ["gpt", "azure", 1, end_ms],
  ]);
  expect(seen[0]).toMatchObject({ answeredAs: expect.arrayContaining(["gpt-0806", "gpt-1120"]), migrations: ["m"] });
  expect(seen[2]?.answeredAs).toEqual([]);
});
