// @module-tag soak
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/seeded-random.ts";
import { createEngine } from "../../detectors/engine.ts";
import { migration, rate, rule, tick } from "../detectors/tick-builder.ts";

// Conversations of eight calls that fail together: every conversation has its own failure rate, drawn around the
// limit. Judged as independent calls they alarm often; with the design effect in the tick they must not.
const CALLS = 8;
const LIMIT = 0.05;
/** Share of conversations in which half of the calls fail, so that the mean is exactly the limit. */
const BAD_SHARE = LIMIT / 0.5;
/** 1 + (calls - 1) * intraclass correlation, for this two-point mixture. */
const DESIGN_EFFECT = 1 + ((CALLS - 1) * (BAD_SHARE * 0.25 - LIMIT ** 2)) / (LIMIT * (1 - LIMIT));

const conversations = (random: () => number, count: number): number => {
  let failures = 0;
  for (let i = 0; i < count; i++) {
    const p = random() < BAD_SHARE ? 0.5 : 0;
    for (let call = 0; call < CALLS; call++) failures += random() < p ? 1 : 0;
  }
  return failures;
};

const breaches = (designEffect: number | null, runs: number): number => {
  let breached = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const random = seededRandom(seed);
    const engine = createEngine(
      migration([rule({ signal: "error", reference: "none" }), rule({ signal: "refusal", unit: "points" })]),
    );
    for (let minute = 0; minute < 500; minute++) {
      const samples = [
        rate("error", "canary", 3 * CALLS, conversations(random, 3)),
        rate("error", "baseline", 30 * CALLS, 1),
        rate("refusal", "canary", 3 * CALLS, conversations(random, 3)),
        rate("refusal", "baseline", 30 * CALLS, 0),
      ];
      const effects = designEffect === null ? {} : { designEffects: { error: designEffect, refusal: designEffect } };
      const { verdicts } = engine.step(tick(minute, samples, minute === 0 ? effects : {}), "outcome");
      if (!verdicts.some(({ outcome }) => outcome === "breach")) continue;
      breached++;
      break;
    }
  }
  return breached;
};

describe("calls of one conversation that fail together, exactly at the limit", () => {
  test("judged as if they were independent, they are called a breach again and again", { tags: ["soak"] }, () => {
    expect(breaches(null, 60)).toBeGreaterThanOrEqual(12);
  });

  test("with the design effect they are not, in 60 runs of 500 minutes", { tags: ["soak"] }, () => {
    expect(breaches(DESIGN_EFFECT, 60)).toBeLessThanOrEqual(2);
  });
});

test("the design effect of a tick stays in force until the next one, and stands in the evidence", () => {
  const engine = createEngine(migration([rule({ signal: "error", reference: "none" })]));
  const quiet = [rate("error", "canary", 20, 1), rate("error", "baseline", 380, 4)];
  engine.step(tick(0, quiet, { designEffects: { error: 2.5 } }));
  expect(engine.step(tick(1, quiet)).verdicts[0]?.evidence.designEffect).toBe(2.5);
  expect(engine.step(tick(2, quiet, { designEffects: {} })).verdicts[0]?.evidence.designEffect).toBe(1);
});
