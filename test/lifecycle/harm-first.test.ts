import { describe, expect, test } from "vitest";
import type { Stage } from "../../core/migration.ts";
import { UNDECIDED_REASONS } from "../../core/undecided-reasons.ts";
import type { Doubt, DoubtReason } from "../../core/verdict.ts";
import { createEngine } from "../../detectors/engine.ts";
import { doubtedVerdict } from "../../detectors/trust/doubted-verdict.ts";
import { decide } from "../../lifecycle/decide.ts";
import { type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import {
  anyJudgement,
  anyTicks,
  anyVerdict,
  type Draw,
  forAll,
  HEALTHY,
  RULES,
} from "../detectors/properties/generate.ts";
import { migration as engineMigration } from "../detectors/tick-builder.ts";
import { aMigration } from "../fixtures/a-migration.ts";
import { aRollback } from "../fixtures/a-rollback.ts";

const PLAIN = RULES.filter(({ signal }) => signal !== "output_shape");
const STAGES = [
  { kind: "canary", share: 0.05, forMs: 1000, approval: true },
  { kind: "canary", share: 0.25, forMs: 1e6, approval: false },
  { kind: "canary", share: 0.9, forMs: 0, approval: true },
  { kind: "observe", holdback: 0.01, forMs: 0, approval: false },
] as const satisfies readonly Stage[];
const MIGRATION = aMigration({ rules: RULES, stages: STAGES, approvers: ["ana"] });

const anyState = (draw: Draw): MigrationState => ({
  ...NOT_STARTED,
  hash: draw.chance(0.1) ? null : "h",
  since: draw.whole(0, 1e9),
  stage: draw.whole(-1, STAGES.length),
  stageSince: draw.whole(0, 1e9),
  isPaused: draw.chance(0.5),
  pausedFor: RULES.filter(() => draw.chance(0.3)).map(({ id }) => id),
  pagedFor: RULES.filter(() => draw.chance(0.3)).map(({ id }) => `${id}: the baseline is beyond the limit too`),
  rollback: draw.chance(0.2) ? aRollback() : null,
});

describe("harm is never masked", () => {
  test("a breach of a rollback rule is a rollback, whatever gate, approval, hold, pause or doubt there is", () => {
    let [harmful, latched] = [0, 0];
    forAll(10_000, (draw) => {
      const [state, judgement] = [anyState(draw), anyJudgement(draw, RULES, STAGES.length)];
      const isHarmful = judgement.verdicts.some(
        ({ outcome, severity }) => outcome === "breach" && severity === "rollback",
      );
      const decision = decide(MIGRATION, state, judgement, draw.whole(0, 2e9));
      if (state.hash === null || state.rollback !== null) {
        latched += 1;
        expect(decision).toEqual({ kind: "continue" });
      } else if (isHarmful) {
        harmful += 1;
        expect(decision.kind).toBe("rollback");
      } else expect(decision.kind).not.toBe("rollback");
    });
    expect(Math.min(harmful, latched)).toBeGreaterThan(500);
  });

  test("a pause rule's breach is at least a pause, once per rule, unless it is paused already", () => {
    forAll(10_000, (draw) => {
      const [state, judgement] = [anyState(draw), anyJudgement(draw, RULES, STAGES.length)];
      const isNew = judgement.verdicts.some(
        ({ outcome, severity, rule }) =>
          outcome === "breach" && severity === "pause" && !state.pausedFor.includes(rule),
      );
      const decision = decide(MIGRATION, state, judgement, draw.whole(0, 2e9));
      if (state.hash === null || state.rollback !== null || state.isPaused || !isNew) return;
      expect(["pause", "rollback"]).toContain(decision.kind);
    });
  });

  test("nothing but clear everywhere advances", () => {
    let advanced = 0;
    forAll(10_000, (draw) => {
      const rules = RULES.slice(0, 2);
      const [state, judgement] = [anyState(draw), anyJudgement(draw, rules, STAGES.length)];
      if (decide(MIGRATION, state, judgement, draw.whole(0, 2e9)).kind !== "advance") return;
      advanced += 1;
      expect(judgement.verdicts.every(({ outcome }) => outcome === "clear")).toBe(true);
      expect(state.isPaused || STAGES[state.stage + 1]?.approval === true || state.stage >= STAGES.length).toBe(false);
    });
    expect(advanced).toBeGreaterThan(0);
  });

  test("a doubt leaves every breach as it is, and nothing clear", () => {
    const reasons = Object.keys(UNDECIDED_REASONS) as DoubtReason[];
    forAll(5_000, (draw) => {
      const verdict = anyVerdict(draw, "error", "rollback");
      const doubts: readonly Doubt[] = [{ reason: draw.pick(reasons), detail: "", since: 0 }];
      const doubted = doubtedVerdict(verdict, doubts);
      if (verdict.outcome === "breach") expect(doubted).toEqual(verdict);
      else expect(doubted.outcome).toBe("undecided");
    });
  });

  test("in the engine, lost, late and misassigned calls hold no breach back", () => {
    let breaches = 0;
    forAll(6, (draw) => {
      const ill = { ...HEALTHY.canary, rates: { ...HEALTHY.canary.rates, error: 0.05 + 0.2 * draw.random() } };
      const ticks = anyTicks(draw, 90, () => ({ ...HEALTHY, canary: ill }));
      const [plain, doubted] = [createEngine(engineMigration(PLAIN)), createEngine(engineMigration(PLAIN))];
      const intake = {
        arrivals: { canary: { calls: 20, late: 15 }, baseline: { calls: 180, late: 170 } },
        assigned: { canary: draw.whole(1, 900), baseline: 1000, identified: 1900 },
        losses: [{ service: "api", lost: draw.whole(0, 200), calls: 200 }],
        evaluations: { canary: draw.whole(0, 60), baseline: 180 },
      };
      for (const tick of ticks) {
        const [a, b] = [plain.step(tick, "outcome").verdicts, doubted.step({ ...tick, intake }, "outcome").verdicts];
        a.forEach((verdict, i) => {
          if (verdict.outcome !== "breach") return;
          breaches += 1;
          expect(b[i]).toEqual(verdict);
        });
      }
    });
    expect(breaches).toBeGreaterThan(100);
  });
});
