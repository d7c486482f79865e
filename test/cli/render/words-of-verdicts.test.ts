import { expect, test } from "vitest";
import { evidenceText } from "../../../alerts/evidence-text.ts";
import { renderExplanation } from "../../../cli/render/explain.ts";
import { renderStatus } from "../../../cli/render/status.ts";
import { evidenceLine } from "../../../core/evidence-line.ts";
import type { Rule } from "../../../core/migration.ts";
import type { Sample } from "../../../core/sample.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { undecidedText } from "../../../core/undecided-text.ts";
import { valueUnit } from "../../../core/value-unit.ts";
import type { Judgement, Verdict } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { breachReason } from "../../../lifecycle/breach-reason.ts";
import { NOT_STARTED } from "../../../lifecycle/state.ts";
import { countedBy, describeRule } from "../../../status/describe-rule.ts";
import { verdictTable } from "../../../status/verdict-table.ts";
import { draws, migration, rate, rule, tick, values } from "../../detectors/tick-builder.ts";
import { aMigration } from "../../fixtures/a-migration.ts";
import { MIGRATION, STATUS } from "../../status/status-fixture.ts";

const RULES: readonly Rule[] = [
  rule({ signal: "error", reference: "none" }),
  rule({ signal: "task_completed", limit: 0.9, direction: "drop", reference: "none", id: "completed" }),
  rule({ signal: "latency_ms", quantile: 0.99, unit: "absolute-increase", limit: 200, id: "p99" }),
  rule({ signal: "latency_ms", quantile: 0.95, unit: "relative", limit: 0.4, id: "p95" }),
  rule({ signal: "latency_ms", quantile: 0.9, limit: 2000, reference: "none", id: "p90" }),
  rule({ signal: "latency_ms", limit: 1500, reference: "none", id: "mean-latency" }),
  rule({ signal: "tokens_total", unit: "relative", limit: 0.2, direction: "either", severity: "pause" }),
  rule({ signal: "cost_usd", unit: "relative", limit: 0.2, reference: "projection", projection: 0.004 }),
  rule({
    signal: "refusal",
    unit: "points",
    direction: "either",
    by: "input_type",
    severity: "pause",
    id: "refusal.by",
  }),
  rule({ signal: "support_tickets", unit: "relative", limit: 0.15, severity: "pause" }),
  rule({ signal: "tool_call_valid", unit: "relative", limit: 0.1, direction: "drop" }),
  rule({ signal: "quality", unit: "points", direction: "drop" }),
  rule({ signal: "output_shape", limit: null, unit: null, severity: "pause" }),
];

type Draw = ReturnType<typeof draws>;

/** What an arm may be like: healthy, broken, constant, zero, absent. */
const regime = (random: () => number, draw: Draw) => {
  const level = [0.5, 1, 1, 1, 3][Math.floor(random() * 5)] ?? 1;
  const p = [0, 0.01, 0.05, 0.4, 1][Math.floor(random() * 5)] ?? 0;
  const isConstant = random() < 0.2;
  const isAbsent = random() < 0.15;
  const size = [0, 1, 5, 40, 200][Math.floor(random() * 5)] ?? 0;
  const amounts = (middle: number): number[] =>
    isConstant ? Array.from({ length: size }, () => middle * level) : draw.lognormal(size, middle * level, 0.5);
  return (arm: "canary" | "baseline"): Sample[] => {
    if (isAbsent) return [];
    const hits = (share: number): number => draw.events(size, share);
    return [
      rate("error", arm, size, hits(p)),
      rate("task_completed", arm, size, hits(1 - p)),
      rate("tool_call_valid", arm, size, hits(1 - p)),
      rate("support_tickets", arm, size, hits(p)),
      { ...rate("quality", arm, size, 0), sum: size * (1 - p / 2), bins: { [Math.round(100 * (1 - p / 2))]: size } },
      values("latency_ms", arm, amounts(800)),
      values("tokens_total", arm, random() < 0.1 ? Array.from({ length: size }, () => 0) : amounts(160)),
      values("cost_usd", arm, amounts(0.004)),
      values("output_chars", arm, amounts(400)),
      ...["faq", "legal"].map((name, i) =>
        rate("refusal", arm, size >> i, draw.events(size >> i, p), `input_type=${name}`),
      ),
    ].filter(({ n }) => n > 0);
  };
};

const NUMBERS: Readonly<Record<string, RegExp>> = {
  share: /^(unknown|-?[\d.]+(e-\d+)?%)$/,
  ms: /^(unknown|-?[\d.]+(e[+-]?\d+)? m?s)$/,
  tokens: /^(unknown|-?[\d.]+(e[+-]?\d+)? tokens)$/,
  USD: /^(unknown|\$-?[\d.]+(e-\d+)?)$/,
  effect: /^(unknown|-?[\d.]+ effect)$/,
};

/** Every value, limit and bound of a line, as it is written. */
const figuresIn = (line: string): readonly string[] =>
  [
    ...line.matchAll(/(?:canary|baseline) ([^,;(]+?) \(/g),
    ...line.matchAll(/limit ([^,;]+),/g),
    ...line.matchAll(/interval of the canary (.+?) to (.+?)(?:;|$)/g),
  ].flatMap(([, ...figures]) => figures);

const SENTINEL = /NaN|Infinity|undefined|\bnull\b|1000000000|\[object|-0(?![.\d])/;

const everywhere = (judgement: Judgement): string => {
  const views = judgement.verdicts.map((verdict) => {
    const own = RULES.find(({ id }) => id === verdict.rule) ?? RULES[0];
    if (own === undefined) throw new Error("no rule");
    return { verdict, title: describeRule(own), unit: valueUnit(own) };
  });
  const rules = RULES.map((each) => ({
    ...{ id: each.id, title: describeRule(each), unit: valueUnit(each), counted: countedBy(each) },
  }));
  const document = aMigration({ rules: [...RULES] });
  const notices = judgement.verdicts.flatMap((verdict) => {
    const { headline, sentences, facts } = evidenceText(document, verdict);
    return [headline, sentences, ...facts.flat()];
  });
  return [
    renderStatus({ ...STATUS, migrations: [{ ...MIGRATION, verdicts: views, doubts: judgement.doubts ?? [] }] }),
    renderExplanation({
      ...{ schema: "leeway.explain/1", migration: document, state: NOT_STARTED, rules, judgement },
      ...{ decidedOn: null, ledger: [] },
    }),
    verdictTable(views).markup.replaceAll(/<[^>]*>/g, " "),
    ...notices,
  ].join("\n");
};

const checkVerdict = (verdict: Verdict): void => {
  const { evidence } = verdict;
  const unit = evidence.unit ?? "";
  const line = evidenceLine(evidence, unit);
  for (const figure of figuresIn(line)) expect(figure, line).toMatch(NUMBERS[unit] ?? /never/);
  expect(breachReason(verdict)).not.toMatch(SENTINEL);
  expect([evidence.logE, evidence.logEPass, ...evidence.parts.map(({ logE }) => logE)].every(Number.isFinite)).toBe(
    true,
  );
  if (verdict.outcome !== "undecided") return;
  const text = undecidedText(verdict, unit);
  expect(text).toMatch(/\d/);
  if (evidence.beyond !== true) return;
  expect(text).toMatch(/is beyond the limit of .* as it stands, but/);
  expect(text).toMatch(/\d calls seen|\d+ (canary|baseline) calls seen|log e/);
};

test("whatever the engine says, every place tells it without a sentinel, with units, and undecided with numbers", () => {
  const said = new Set<string>();
  for (let seed = 1; seed <= 10; seed++) {
    const random = seededRandom(seed);
    const draw = draws(seed);
    const engine = createEngine({ ...migration(RULES), segments: ["input_type"] });
    let [canary, baseline] = [regime(random, draw), regime(random, draw)];
    for (let minute = 0; minute < 24; minute++) {
      if (random() < 0.2) canary = regime(random, draw);
      if (random() < 0.1) baseline = regime(random, draw);
      const stage = minute < 12 ? 0 : 1;
      const judgement = engine.step(tick(minute * 7, [...canary("canary"), ...baseline("baseline")], { stage }));
      for (const verdict of judgement.verdicts) {
        checkVerdict(verdict);
        said.add(verdict.outcome === "undecided" ? verdict.why : verdict.outcome);
        if (verdict.evidence.beyond === true && verdict.outcome === "undecided") said.add("beyond");
        if (verdict.evidence.onset !== undefined) said.add("onset");
      }
      if (minute % 6 === 5) expect(everywhere(judgement)).not.toMatch(SENTINEL);
    }
  }
  // The streams were of all kinds.
  const kinds = ["breach", "clear", "no-data", "too-few", "baseline-warming-up", "not-proven", "beyond", "onset"];
  expect([...said]).toEqual(expect.arrayContaining(kinds));
});
