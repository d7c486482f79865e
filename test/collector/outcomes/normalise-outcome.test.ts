import { expect, test } from "vitest";
import { normaliseOutcome } from "../../../collector/outcomes/normalise-outcome.ts";
import type { AttributeValue } from "../../../formats/dialects/read/attributes.ts";

const NOW = 1_790_000_000_000;
const NAME = "gen_ai.evaluation.name";
const VALUE = "gen_ai.evaluation.score.value";
const LABEL = "gen_ai.evaluation.score.label";

const normalise = (attributes: Readonly<Record<string, AttributeValue>>, timeMs = NOW) =>
  normaliseOutcome(
    {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      timeMs,
      attributes: new Map(Object.entries({ [NAME]: "thumbs", ...attributes })),
      resource: new Map(),
    },
    NOW,
  );

test.each([
  ["a number", { [VALUE]: 0.3 }, 0.3],
  ["a number, whatever the label says", { [VALUE]: 0, [LABEL]: "yes" }, 0],
  ["a negative number", { [VALUE]: -1 }, -1],
  ["a yes", { [LABEL]: "UP " }, 1],
  ["a no", { [LABEL]: "incomplete" }, 0],
  ["some other label", { [LABEL]: "billing" }, null],
  ["a label that every object has", { [LABEL]: "constructor" }, null],
  ["no number", { [VALUE]: Number.NaN, [LABEL]: "x" }, null],
  ["text where a number belongs", { [VALUE]: "0.5", [LABEL]: "x" }, null],
])("reads %s", (_what, attributes, value) => {
  expect(normalise(attributes)).toMatchObject({ kind: "outcome", row: { value } });
});

test.each([
  ["an evaluation that failed", { "error.type": "timeout" }, { kind: "outcome", row: { value: null } }],
  ["an evaluation that says nothing", {}, { kind: "refused", reason: "empty-outcome" }],
  ["an evaluation without a name", { [NAME]: "", [VALUE]: 1 }, { kind: "refused", reason: "empty-outcome" }],
])("takes %s for what it is", (_what, attributes, expected) => {
  expect(normalise(attributes)).toMatchObject(expected);
});

test.each([
  ["none", Number.NaN],
  ["one from before computers", -5],
  ["one of next week", NOW + 7 * 86_400_000],
])("goes by its own clock when the event's time is %s", (_what, timeMs) => {
  expect(normalise({ [VALUE]: 1 }, timeMs)).toMatchObject({ row: { at_ms: NOW, received_ms: NOW } });
});

test("cuts what a broken sender could fill the disk with", () => {
  const long = "y".repeat(100_000);
  const outcome = normalise({
    [NAME]: long,
    [LABEL]: long,
    "gen_ai.evaluation.explanation": long,
    "gen_ai.response.id": long,
  });
  expect(JSON.stringify(outcome).length).toBeLessThan(2500);
});
