import { evidenceLine } from "../../core/evidence-line.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import type { Verdict } from "../../core/verdict.ts";
import type { PromotionRecord } from "./report.ts";
import { reasonOf, type Step } from "./walk.ts";

const isPromotion = ({ before, after }: Step): boolean => after.stage > before.stage && before.hash !== null;

interface OpenPromotion extends PromotionRecord {
  readonly breachedLater: PromotionRecord["breachedLater"][number][];
}

/** The breaches among what an entry says. */
const breachesIn = ({ event }: LedgerEntry): readonly Verdict[] => {
  if (event.type === "verdict") return event.verdict.outcome === "breach" ? [event.verdict] : [];
  const verdicts = event.type === "decision" ? (event.judgement?.verdicts ?? []) : [];
  return verdicts.filter(({ outcome }) => outcome === "breach");
};

/** Every promotion: what was not proven by then, and which limits turned out to be broken after it, in the same life. */
export const promotionsOf = (steps: readonly Step[]): readonly PromotionRecord[] => {
  const promotions: OpenPromotion[] = [];
  const latest = new Map<string, Verdict["outcome"]>();
  let [life, firstOfLife] = [0, 0];
  for (const step of steps) {
    const { entry } = step;
    if (step.life !== life) [life, firstOfLife] = [step.life, promotions.length];
    if (entry.event.type === "started" || step.before.since !== step.after.since) latest.clear();
    if (entry.event.type === "verdict") latest.set(entry.event.verdict.rule, entry.event.verdict.outcome);
    if (entry.event.type === "decision")
      for (const { rule, outcome } of entry.event.judgement?.verdicts ?? []) latest.set(rule, outcome);
    if (isPromotion(step)) {
      const unproven = [...latest].filter(([, outcome]) => outcome !== "clear").map(([rule]) => rule);
      const { at, by } = entry;
      promotions.push({ at, toStage: step.after.stage, by, reason: reasonOf(entry), unproven, breachedLater: [] });
      continue;
    }
    for (const { rule, evidence } of breachesIn(entry)) {
      for (const { breachedLater } of promotions.slice(firstOfLife)) {
        if (breachedLater.some((each) => each.rule === rule)) continue;
        const text = evidence.seen ?? evidenceLine(evidence, evidence.unit ?? "");
        breachedLater.push({ rule, at: entry.at, text, stage: step.before.stage });
      }
    }
  }
  return promotions;
};
