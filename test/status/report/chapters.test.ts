import { describe, expect, it } from "vitest";
import type { CostDifference } from "../../../core/cost-difference.ts";
import type { ArmHandoffs } from "../../../core/handoff.ts";
import type { LedgerEntry, LedgerEvent } from "../../../core/ledger.ts";
import type { Migration } from "../../../core/migration.ts";
import type { CostView } from "../../../status/cost-view.ts";
import type { HandoffsView } from "../../../status/handoffs-view.ts";
import { type DecisionsBefore, makeReport, type ReportSources } from "../../../status/report/make-report.ts";
import { renderReportMarkdown } from "../../../status/report/render-markdown.ts";
import { renderReportPage } from "../../../status/report/render-page.ts";
import type { Report } from "../../../status/report/report.ts";
import { aRule } from "../../fixtures/a-migration.ts";
import { anEvidence } from "../../fixtures/an-evidence.ts";
import { OBEYED } from "../../fixtures/hostile-text.ts";
import { aJudgement, aVerdict, HOUR, ledgerOf, START, started, THE_MIGRATION } from "./a-ledger.ts";

const AT = START + 100 * HOUR;
const EVIL = "<script>alert(1)</script> [x](https://evil.example) | @all \u001b[31m\n# h";

const of = (
  entries: readonly LedgerEntry[],
  more: Partial<Pick<ReportSources, "cost" | "handoffs" | "decisions">> = {},
): Report => makeReport({ name: "support-bot", document: THE_MIGRATION, entries, at: AT, ...more });

const both = (report: Report): readonly string[] => [renderReportMarkdown(report), renderReportPage(report)];

const harmless = (report: Report): void => {
  const [markdown = "", page = ""] = both(report);
  expect(page).not.toContain("<script");
  expect(markdown).not.toMatch(/<script|https:\/\/evil|@all|^# h/m);
  for (const text of [markdown, page]) expect(text).not.toMatch(OBEYED);
};

describe("the chapter of plan and revisions", () => {
  const next: Migration = { ...THE_MIGRATION, hash: "v2:next", rules: [aRule({ limit: 0.2 })] };
  const recorded = (migration: Migration, reading: Migration | null = migration): LedgerEvent => ({
    ...{ type: "document", hash: migration.hash, file: "m.yaml", text: null, reading },
  });
  const revise: LedgerEvent = {
    ...{ type: "command", command: "revise", reason: EVIL },
    revision: { hash: next.hash, stage: 0, share: 0.05, before: 0.05, keepsTime: true, restarts: true },
  };
  const revisions = (...documents: readonly LedgerEvent[]) =>
    of(ledgerOf([0, started], ...documents.map((event) => [1, event] as const), [2, revise, "ana@example.com"]));

  it("says what a person took up changed, limits first, who and why", () => {
    const report = revisions(recorded(THE_MIGRATION), recorded(next));
    expect(report.revisions.map(({ by, differences }) => [by, differences?.map(({ effect }) => effect)])).toEqual([
      ["agent", []],
      ["ana@example.com", ["looser", "looser"]],
    ]);
    for (const text of both(report)) {
      expect(text).toContain("Revision of 2026-01-05 02:00:00 UTC");
      expect(text).toMatch(/looser: rule error: error at most 20%.* instead of error at most 5%/);
    }
    harmless(report);
  });

  it("knows the document at hand where the ledger has no reading of it", () => {
    expect(revisions(recorded(THE_MIGRATION, null), recorded(next)).revisions[1]?.differences).toHaveLength(2);
  });

  it.each([
    ["none is on record", []],
    ["it was too long for the record", [recorded(next, null)]],
    ["a newer version wrote it", [recorded(next, { ...next, stages: [{ kind: "later" }] } as unknown as Migration)]],
  ])("says that it is not on record where %s", (_what, documents) => {
    const report = revisions(...documents);
    expect(report.revisions[1]?.differences).toBeNull();
    for (const text of both(report)) expect(text).toContain("What it changed is not on record");
  });
});

describe("the chapter of drills", () => {
  const drill: LedgerEvent = {
    ...{ type: "drill-started", drill: "1-1", reason: EVIL, rule: "error", share: 0.05 },
    ...{ until: START + 2 * HOUR, owner: "o" },
  };
  const second = 1 / 3600;
  const flag = { flag: "f", share: 0, enabled: true, revision: "2" };

  it("has what each step took, how it ended, and what is not on record", () => {
    const report = of(
      ledgerOf(
        [0, started],
        [1, drill, "ana"],
        [1 + second, { type: "flip-intent", action: "a", flag: "f", target: "t", share: 0 }],
        [1 + 2.5 * second, { type: "flip-result", action: "a", write: { outcome: "written", state: flag } }],
        [1 + 3 * second, { type: "flip-readback", action: "a", state: flag, confirmed: true }],
        [
          1 + 20 * second,
          {
            ...{ type: "drill-drained", drill: "1-1", drain: "proven", exposure: null, probability: 1e-9 },
            flippedAt: START,
          },
        ],
        [1 + 20 * second, { type: "drill-ended", drill: "1-1", outcome: "proven", why: "" }],
        [1 + 21 * second, { type: "drill-restored", drill: "1-1", share: 0.05, settledAt: START }],
      ),
    );
    expect(report.drills).toMatchObject([
      {
        ...{ outcome: "proven", text: "20.0 s from decision to proof", restoredShare: 0.05 },
        ms: { decision: 1000, flip: 1500, readBack: 500, people: null, drain: 17_000, restore: 1000 },
      },
    ]);
    const [, page = ""] = both(report);
    const cell = (label: string, text: string): string => ` data-label="${label}">${text}</td>`;
    expect(page).toContain(cell("outcome", "20.0 s from decision to proof"));
    for (const [label, text] of [
      ...[["decision", "1.0 s"] as const, ["flip", "1.5 s"] as const, ["read-back", "0.5 s"] as const],
      ...[["people told", "–"] as const, ["drain", "17.0 s"] as const, ["restored", "1.0 s"] as const],
    ])
      expect(page).toContain(cell(label, text));
    expect(page).toContain(cell("share", "5%, then 5%"));
    expect(report.people).toContainEqual({ at: START + HOUR, by: "ana", what: "drill", reason: EVIL });
    harmless(report);
  });

  it("says of one under way that it is, and that there was none", () => {
    expect(of(ledgerOf([0, started], [1, drill])).drills).toMatchObject([{ outcome: null, text: "under way" }]);
    for (const text of both(of([]))) expect(text).toContain("The way back was never drilled.");
  });
});

it("has a chapter of retirements, which says where nobody was told of one", () => {
  const retirement = (daysLeft: number): LedgerEvent => ({
    ...{ type: "retirement", model: EVIL, arms: ["baseline"], retires: "2026-03-01", source: EVIL },
    ...{ daysLeft, withinDays: 30 },
  });
  const report = of(ledgerOf([0, started], [1, retirement(12)], [2, retirement(-1)]));
  expect(report.retirements.map(({ daysLeft }) => daysLeft)).toEqual([12, -1]);
  const [markdown = ""] = both(report);
  expect(markdown).toMatch(/\| baseline \| 2026-03-01 \| 12 \|/);
  expect(markdown).toMatch(/\| baseline \| 2026-03-01 \| retired \|/);
  harmless(report);
  for (const text of both(of([]))) expect(text).toContain("Nobody was told of the end of a model");
});

describe("people's decisions", () => {
  it("call an abandonment that, and not the rollback it is in the ledger", () => {
    const { people, phases } = of(
      ledgerOf([0, started], [5, { type: "command", command: "rollback", abandons: true, reason: "no use" }, "ana"]),
    );
    expect(people).toEqual([{ at: START + 5 * HOUR, by: "ana", what: "abandon", reason: "no use" }]);
    expect(phases[0]?.ended).toBe("abandon by ana: no use");
  });

  it("have approvals that were one of two, what was waved aside, and who is not proven", () => {
    const { people } = of(
      ledgerOf(
        [0, started],
        [1, { type: "approval", stage: 0, reason: "looks good" }, "ana"],
        [
          2,
          {
            ...{ type: "command", command: "advance", stage: 0, reason: "go", identity: "claimed" },
            despite: ["flag: cannot be read"],
          },
          "ben",
        ],
      ),
    );
    expect(people.map(({ by, what }) => `${by}: ${what}`)).toEqual([
      "ana: approve going on from stage 1, one of two",
      "ben (unverified): advance from stage 1, although flag: cannot be read",
    ]);
  });
});

describe("the chapter of cost", () => {
  const calls = { calls: 100, priced: 90, withoutUsage: 10, withoutPrice: 0 };
  const counts = { canary: calls, baseline: calls };
  const view = (difference: CostDifference | null, problem = ""): CostView => ({
    ...{ schema: "leeway.cost/1", migration: "support-bot", from: START, to: AT, difference, problem },
  });
  const EXPLAINED: CostDifference = {
    ...{
      outcome: "explained",
      counts,
      costUsd: { canary: 0.006, baseline: 0.004 },
      differenceUsd: 0.002,
      relative: 0.5,
    },
    parts: [
      { factor: "length", usd: 0.002, relative: 0.5, figures: { canary: 300, baseline: 200 }, unit: "characters" },
      { factor: "cache", usd: 0, relative: 0, figures: { canary: 0.5, baseline: 0.5 }, unit: "share" },
    ],
  };

  it("takes the difference apart, and leaves out what is nothing", () => {
    const [markdown = "", page = ""] = both(of([], { cost: view(EXPLAINED) }));
    expect(markdown).toMatch(/a call costs \\\$0\.006 on the canary, .*The parts sum to the difference/);
    expect(markdown).toMatch(
      /\| length of the answer, tool calls included \| \\\+\\\$0\.002 \| \\\+50% \| 300 \| 200 \| characters of the answer \|/,
    );
    expect(markdown).not.toContain("use of the provider");
    expect(page).toContain("In neither mean: 10 of 100 canary calls");
  });

  it("says why it is not known, and nothing where nobody asked", () => {
    const unknown = view({ outcome: "unknown", counts, why: "no-list-price", models: [EVIL] });
    for (const text of both(of([], { cost: unknown }))) expect(text).toContain("Not explained: an arm");
    harmless(of([], { cost: unknown }));
    for (const text of both(of([], { cost: view(null, "the store is silent; ask again") })))
      expect(text).toContain("Not measured: the store is silent; ask again");
    for (const text of both(of([]))) expect(text).not.toContain("Why a call costs");
    expect(of([]).cost).toBeNull();
  });
});

describe("the chapter of the decision", () => {
  const record = (fields: Partial<DecisionsBefore["records"][number]> = {}): DecisionsBefore["records"][number] => ({
    ...{ at: START - 100 * HOUR, decision: "migrate", by: "ana", reason: EVIL, revisit: null, advice: "undecided" },
    ...{ document: THE_MIGRATION.hash, ...fields },
  });
  const known = (...records: DecisionsBefore["records"]) => ({ decisions: { records, problem: "" } });
  const begun = ledgerOf([0, { ...started, hash: THE_MIGRATION.hash } as LedgerEvent]);

  it("has who decided what and why before there was a ledger, and whether of this document", () => {
    const waits = record({ decision: "defer", revisit: "2026-01-04", reason: "the contract", document: "v2:another" });
    const report = of(begun, known(waits, record()));
    const [markdown = "", page = ""] = both(report);
    expect(markdown).toMatch(/\| ana \| wait \| the contract \| 2026-01-04 \| undecided \| another one \|/);
    expect(markdown).toMatch(/\| ana \| migrate \| .* \| – \| undecided \| the one it was started with \|/);
    expect(page).toContain('data-label="look again">2026-01-04');
    harmless(report);
  });

  it("says that there is none, that nobody looked, and why it could not be read", () => {
    for (const text of both(of([], known()))) expect(text).toContain("Nobody put a decision on record");
    for (const text of both(of([]))) expect(text).toContain("Not known: decisions.jsonl was not read");
    const broken = of([], { decisions: { records: [], problem: `line 2: ${EVIL}` } });
    expect(broken.decisions).toBeNull();
    for (const text of both(broken)) expect(text).toContain("what was decided before it began is not known: line 2");
    harmless(broken);
  });

  it("says of a migration that has not started that its document is none yet", () => {
    for (const text of both(of([], known(record())))) expect(text).toContain("not started");
  });
});

describe("the chapter of hand-offs", () => {
  const view = (handoffs: HandoffsView["handoffs"], problem = ""): HandoffsView => ({
    ...{ schema: "leeway.handoffs/1", migration: "support-bot", from: START, to: AT, handoffs, problem },
  });
  const ARM: ArmHandoffs = {
    ...{ arm: "baseline", conversations: 42, calls: 57, nameless: 2, first: START, last: START + HOUR },
    effects: [
      {
        signal: "error",
        conversations: { moved: 42, stayed: 512 },
        values: { moved: 0.12, stayed: 0.03 },
        ...{ difference: 0.09, interval: { lower: -0.01, upper: 0.21 }, missing: null },
      },
    ],
  };
  const READ = { calls: 9000, named: 800, unmarked: 0 };

  it("has what a move does to first turns, and what was left out", () => {
    const [markdown = "", page = ""] = both(of([], { handoffs: view({ ...READ, arms: [ARM] }) }));
    expect(markdown).toContain("42 conversations moved to the baseline, 57 calls of first turns;");
    expect(markdown).toMatch(/\| error \| 12% \| 3% \| \\\+9 pt \| \\-1 pt to \+21 pt \| 42 \/ 512 \|/);
    expect(page).toContain("Left out: 2 calls after a move that name no conversation");
  });

  it.each<[string, HandoffsView | undefined, string]>([
    [
      "none was",
      view({ ...READ, arms: [] }),
      "Hand-offs: none: no call says that its conversation was moved; 800 of 9,000",
    ],
    ["nothing says so", view({ ...READ, unmarked: 3, arms: [] }), "3 conversations had calls of both arms and no mark"],
    ["the store is silent", view(null, "ask again"), "Not measured: ask again"],
    ["nobody asked", undefined, "Not measured."],
  ])("says it where %s", (_what, handoffs, said) => {
    for (const text of both(of([], handoffs === undefined ? {} : { handoffs }))) expect(text).toContain(said);
  });
});

describe("what is told of evidence", () => {
  const verdict = (logE: number, outcome: "clear" | "undecided" | "breach" = "undecided"): LedgerEvent => ({
    ...{ type: "verdict", tick: START },
    verdict: aVerdict({
      ...{ outcome, evidence: anEvidence({ logE, interval: null, value: { canary: 0.01, baseline: 0.01 } }) },
      ...(outcome === "undecided" ? { why: "too-few" } : {}),
    } as never),
  });
  const revised: LedgerEvent = {
    ...{ type: "command", command: "revise", reason: "r" },
    revision: { hash: "v2:next", stage: 0, share: 0.05, before: 0.05, keepsTime: true, restarts: true },
  };

  it("is drawn apart where a revision began it anew, and by the limits that were in force", () => {
    const entries = ledgerOf(
      [0, started],
      [1, verdict(1)],
      [2, verdict(2)],
      [3, revised, "ana"],
      [4, verdict(0)],
      [5, verdict(1)],
    );
    const judged = (hour: number) => ({ judgement: aJudgement(START + hour * HOUR, [aVerdict()]), life: 1 });
    const report = makeReport({
      ...{ name: "support-bot", document: THE_MIGRATION, entries, at: AT },
      traced: [judged(2.5), judged(4.5)],
    });
    expect(report.rules[0]?.points.map(({ at, run }) => [(at - START) / HOUR, run])).toEqual([
      [1, 1],
      [2, 1],
      [4, 2],
      [4.5, 2],
      [5, 2],
    ]);
    const lines = renderReportPage(report).match(/<polyline class="value"/g);
    expect(lines).toHaveLength(4);
  });

  it("says where a plot is cut, names no interval where there is none, and no share below nothing", () => {
    const page = renderReportPage(of(ledgerOf([0, started], [1, verdict(1)], [2, verdict(-40)])));
    expect(page).toMatch(/log e-value; breach at \S+ \(dashed\); cut below -\d/);
    expect(page).toContain("canary, limit (dashed); 0% to ");
    expect(page).not.toContain("99% interval, limit");
  });

  it("is told once of a limit that broke, at the promotion after which it did", () => {
    const advance = (stage: number): LedgerEvent => ({ type: "command", command: "advance", reason: "go", stage });
    const entries = ledgerOf([0, started], [1, advance(0), "ana"], [2, advance(1), "ana"], [3, verdict(9, "breach")]);
    const [markdown = ""] = both(of(entries));
    expect(markdown).toMatch(/\| 2 \| ana \| go \| none \| error, after the last stage \|/);
    expect(markdown).toMatch(/\| 3 \| ana \| go \| none \| error, 2026-01-05 03:00: canary/);
  });
});

describe("the open questions", () => {
  const retirement: LedgerEvent = {
    ...{ type: "retirement", model: "gpt-old", arms: ["baseline"], retires: "2026-03-01", daysLeft: 55 },
    ...{ withinDays: 90, source: "the vendor" },
  };
  const rollback: LedgerEvent = { type: "command", command: "rollback", reason: "ill" };

  it("name the end of the model that all calls are on", () => {
    const open = of(ledgerOf([0, started], [1, retirement], [2, rollback, "ana"])).open;
    expect(open).toContainEqual("all calls are on gpt-old, which is retired on 2026-03-01, in 51 days");
    expect(of(ledgerOf([0, started], [1, retirement])).open.join()).not.toContain("gpt-old");
  });
});
