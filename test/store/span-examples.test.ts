import { afterAll, beforeAll, expect, it } from "vitest";
import type { Finding } from "../../core/finding.ts";
import type { SpanRow } from "../../core/span-row.ts";
import { aBatch, aSpan, T0 } from "./a-span.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let test: TestStore;
const canary = (fields: Partial<SpanRow>): SpanRow => aSpan({ cohort: "canary", migration: "examples", ...fields });
const SHOWN = {
  fenced: canary({ code_fence: 1, features: { hedging: 0, words: 40 }, end_ms: T0 - 4000 }),
  hedging: canary({ features: { hedging: 1, words: 400, bullet_items: 4 }, end_ms: T0 - 3000 }),
  german: canary({ labels: { language: "de", script: "latin" }, segments: { tier: "pro" }, end_ms: T0 - 2000 }),
  keys: canary({ key_paths: ["naaaaaaaaaaaa"], output_chars: 5000, end_ms: T0 - 1000 }),
};

beforeAll(async () => {
  test = await openTestStore();
  await test
    .store()
    .insertSpans(
      aBatch([
        ...Object.values(SHOWN),
        aSpan({ migration: "examples", code_fence: 1 }),
        canary({ code_fence: 1, error: 1, error_type: "500" }),
        canary({ code_fence: 1, end_ms: T0 - 7_200_000 }),
      ]),
    );
});
afterAll(() => test.end());

const finding = (fields: Partial<Finding>): Parameters<typeof look>[0] => ({
  ...{ feature: "code_fence", segment: "", direction: "up", label: null, baseline: 0.1 },
  ...fields,
});
const look = async (of: Pick<Finding, "feature" | "segment" | "direction" | "label" | "baseline">, limit = 3) => {
  const request = { migration: "examples", since: T0 - 60_000, until: T0 + 1, finding: of, limit };
  return (await test.store().exampleSpans(request)).map(({ span_id }) => span_id);
};

it.each<[what: string, finding: Partial<Finding>, shown: keyof typeof SHOWN]>([
  ["a flag of its own column", {}, "fenced"],
  ["a flag among the features", { feature: "hedging" }, "hedging"],
  ["a flag that became rare", { feature: "hedging", direction: "down" }, "fenced"],
  ["a label", { feature: "language", direction: "changed", label: "de" }, "german"],
  ["a label, in a segment", { feature: "script", direction: "changed", label: "latin", segment: "tier=pro" }, "german"],
  ["a number above the baseline's median", { feature: "words", baseline: 100 }, "hedging"],
  ["a number below it", { feature: "words", baseline: 100, direction: "down" }, "fenced"],
  ["one value of a number", { feature: "bullet_items", label: "4" }, "hedging"],
  ["a signal's number", { feature: "output_chars", baseline: 600 }, "keys"],
  ["a key path that appeared", { feature: "key_paths", label: "naaaaaaaaaaaa" }, "keys"],
  ["a key path that vanished", { feature: "key_paths", label: "kbbbbbbbbbbbb", direction: "down" }, "keys"],
])("canary calls that show %s are found, no failed and no old ones", async (_what, fields, shown) => {
  expect(await look(finding(fields))).toEqual([SHOWN[shown].span_id]);
});

it("are found in a segment by its value as it is judged", async () => {
  const shown = canary({ migration: "normalised", segments: { tier: " PRO" }, code_fence: 1, end_ms: T0 - 1000 });
  const own = canary({ migration: "normalised", segments: { tier: "*other*" }, code_fence: 1, end_ms: T0 - 500 });
  await test.store().insertSpans(aBatch([shown, own]));
  const request = { migration: "normalised", since: T0 - 60_000, until: T0 + 1, limit: 3 };
  const foundIn = async (segment: string) =>
    test.store().exampleSpans({
      ...{ ...request, segmentOptions: { tier: { normalise: ["trim", "lower"], values: 50 } } },
      finding: { feature: "code_fence", segment, direction: "up", label: null, baseline: 0.1 },
    });
  expect(await foundIn("tier=pro")).toEqual([{ trace_id: shown.trace_id, span_id: shown.span_id }]);
  // What rare values are called is no value of an app.
  expect(await foundIn("tier=*other*")).toEqual([]);
});

it("are the newest ones, each once, of the segment, and not of features nobody knows", async () => {
  await test.store().insertSpans(aBatch([SHOWN.german, SHOWN.german]));
  expect(await look(finding({ feature: "truncated", direction: "down" }), 2)).toEqual([
    SHOWN.keys.span_id,
    SHOWN.german.span_id,
  ]);
  expect(await look(finding({ segment: "tier=free" }))).toEqual([]);
  expect(await look(finding({ feature: "x'] = 1 OR 1 --" }))).toEqual([]);
});
