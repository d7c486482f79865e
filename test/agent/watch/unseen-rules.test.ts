import { describe, expect, it } from "vitest";
import { unseenRules } from "../../../agent/watch/unseen-rules.ts";
import type { Judgement } from "../../../core/verdict.ts";
import { aMigration, aRule } from "../../fixtures/a-migration.ts";
import { anEvidence } from "../../fixtures/an-evidence.ts";

const HOUR = 3_600_000;
const MIGRATION = aMigration({
  rules: [aRule(), aRule({ id: "json", signal: "json_valid" }), aRule({ id: "tone", signal: "evaluation.tone" })],
});
const MANY = { calls: { canary: 100, baseline: 900 } };

/** What each rule is undecided for; "" = it is clear. */
const judgement = (whys: Readonly<Record<string, "no-data" | "too-few" | "">>): Judgement => ({
  migration: MIGRATION.name,
  at: 0,
  stage: 0,
  verdicts: Object.entries(whys).map(([rule, why]) => ({
    ...({ rule, severity: "pause", evidence: anEvidence({}) } as const),
    ...(why === "" ? { outcome: "clear" as const } : { outcome: "undecided" as const, why }),
  })),
});
const look = (found: Judgement | null, hours: number, seen = MANY) =>
  unseenRules(MIGRATION, { stageSince: 0 }, found, seen, hours * HOUR);

describe("rules that saw no call", () => {
  it("are named once the stage is an hour old and calls come", () => {
    expect(look(judgement({ error: "", json: "no-data" }), 1)).toMatch(
      /^json: no call of one of the arms carried the signal, though calls come in; see that the app sends/,
    );
  });

  it.each<[string, Judgement | null, number, { calls: { canary: number; baseline: number } }, string | null]>([
    ["before anything is judged", null, 5, MANY, null],
    ["in a young stage", judgement({ json: "no-data" }), 0.9, MANY, null],
    ["while one arm has few calls", judgement({ json: "no-data" }), 5, { calls: { canary: 99, baseline: 900 } }, null],
    ["of a score that may come tomorrow", judgement({ tone: "no-data" }), 23, MANY, null],
    ["where all see some", judgement({ error: "", json: "too-few" }), 5, MANY, ""],
  ])("are not told of %s", (_what, found, hours, seen, expected) => {
    expect(look(found, hours, seen)).toBe(expected);
  });

  it("are told of a score that never came, after a day", () => {
    expect(look(judgement({ tone: "no-data" }), 24)).toMatch(/^tone: /);
  });
});
