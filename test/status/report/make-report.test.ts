import { describe, expect, it } from "vitest";
import type { LedgerEntry, LedgerEvent } from "../../../core/ledger.ts";
import { makeReport } from "../../../status/report/make-report.ts";
import { renderReportMarkdown } from "../../../status/report/render-markdown.ts";
import type { Report } from "../../../status/report/report.ts";
import { aMigration } from "../../fixtures/a-migration.ts";
import { anEvidence } from "../../fixtures/an-evidence.ts";
import { aCost, aJudgement, aVerdict, HOUR, ledgerOf, START, started, THE_MIGRATION, WHOLE_LIFE } from "./a-ledger.ts";

const AT = START + 100 * HOUR;
const reportOf = (entries: readonly LedgerEntry[], at = AT): Report =>
  makeReport({ name: "support-bot", document: THE_MIGRATION, entries, at });
const hours = ({ planned, paused, approval, held }: Report["phases"][number]["time"]) =>
  [planned, paused, approval, held].map((ms) => ms / HOUR);

describe("phases", () => {
  const { phases } = reportOf(WHOLE_LIFE);

  it("are planned against real, with the time that pauses, rules and approvals took", () => {
    expect(phases.map(({ name, life, time }) => [name, life, ...hours(time)])).toEqual([
      ["canary 5%", 1, 22, 2, 0, 6],
      ["canary 25%", 1, 24, 0, 6, 0],
      ["after the last stage (canary 25%)", 1, 10, 0, 0, 0],
      ["all calls on the baseline", 1, 10, 0, 0, 0],
      ["canary 5%", 2, 20, 0, 0, 0],
    ]);
  });

  it("waited for a person no longer than for the rules, which came first", () => {
    const clear = (rule: string): LedgerEvent => ({ type: "verdict", verdict: aVerdict({ rule }), tick: START });
    const [phase] = reportOf(
      ledgerOf(
        [0, started],
        [24, { type: "standing", standing: "waiting-for-approval", stage: 0, share: 0.05 }],
        [29, clear("error")],
        [30, clear("cost_usd")],
        [36, { type: "command", command: "advance", reason: "go", stage: 0 }, "ana"],
      ),
    ).phases;
    expect(phase === undefined ? [] : hours(phase.time)).toEqual([24, 0, 6, 6]);
  });

  it("say who ended them, and why", () => {
    expect(phases[1]?.ended).toBe("advance by ana@example.com: numbers look good");
    expect(phases[2]?.ended).toBe("rollback by agent: error: canary 19.7%");
    expect(phases.at(-1)).toMatchObject({ to: null, ended: "" });
  });
});

describe("incidents", () => {
  const [incident, ...others] = reportOf(WHOLE_LIFE).incidents;

  it("have the times to decision, flip, read-back and drain", () => {
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      harmSince: START + 69 * HOUR,
      decidedAt: START + 70 * HOUR,
      flippedAt: START + 70.002 * HOUR,
      readBackAt: START + 70.003 * HOUR,
      drainedAt: START + 71.5 * HOUR,
      failedWrites: 1,
      shareBefore: 0.25,
      rearmed: { by: "ben@example.com", reason: "the prompt was fixed" },
    });
  });

  it("have overdue and returned drains", () => {
    expect(incident?.overdue).toHaveLength(1);
    expect(incident?.returned[0]).toContain("2 canary calls since the proof, from pod-7");
  });
});

it("says what a promotion did not know, and what came out later", () => {
  const { promotions } = reportOf(WHOLE_LIFE);
  expect(
    promotions.map(({ toStage, by, unproven, breachedLater }) => [
      toStage,
      by,
      unproven,
      breachedLater.map(({ rule }) => rule),
    ]),
  ).toEqual([
    [1, "agent", [], ["error"]],
    [2, "ana@example.com", [], ["error"]],
  ]);
  const early = reportOf(
    ledgerOf(
      [0, started],
      [1, { type: "verdict", verdict: aVerdict({ outcome: "undecided", why: "too-few" } as never), tick: START }],
      [2, { type: "command", command: "advance", reason: "in a hurry", stage: 0 }, "eve"],
    ),
  );
  expect(early.promotions[0]?.unproven).toEqual(["error"]);
});

it("tells the cost of a phase where it was judged, and not measured where it was not", () => {
  const { costs } = reportOf(WHOLE_LIFE);
  expect(costs[0]).toMatchObject({ phase: "canary 5%", canaryCalls: 1000 });
  expect(costs[0]?.canaryUsd).toBeCloseTo(4.4, 9);
  expect(costs[0]?.extraUsd).toBeCloseTo(0.4, 9);
  expect(costs[1]).toEqual({ phase: "canary 25%", canaryCalls: null, canaryUsd: null, extraUsd: null });
  const unpriced = reportOf(
    ledgerOf(
      [0, started],
      [
        30,
        {
          type: "decision",
          decision: { kind: "advance", toStage: 1, reason: "r" },
          judgement: aJudgement(START, [aCost(null, 10)]),
        },
      ],
    ),
  );
  expect(unpriced.costs[0]).toMatchObject({ canaryCalls: 10, canaryUsd: null, extraUsd: null });
});

describe("true also where", () => {
  it("it never started", () => {
    const report = reportOf([]);
    expect(report).toMatchObject({ standing: "not-started", phases: [], lives: 0, startedAt: null });
    expect(renderReportMarkdown(report)).toContain("Not started");
  });

  it("the document is gone: the plan is what the ledger tells of it", () => {
    const report = makeReport({ name: "support-bot", document: null, entries: WHOLE_LIFE, at: AT });
    expect(report.phases.map(({ name, life }) => [name, life]).slice(0, 2)).toEqual([
      ["canary 5%", 1],
      ["canary 25%", 1],
    ]);
    expect(report.phases[0]?.plannedMs).toBeNull();
    expect(report.remarks[0]).toContain("no document");
    expect(renderReportMarkdown(report)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("the document at hand is another than the one in force", () => {
    const document = aMigration({ hash: `v2:${"ff".repeat(32)}` });
    const { remarks } = makeReport({ name: "support-bot", document, entries: WHOLE_LIFE, at: AT });
    expect(remarks.join()).toContain("is not the one in force");
  });

  it("a newer version wrote entries", () => {
    const newer = { type: "from-the-future", text: 7 } as unknown as LedgerEvent;
    const report = reportOf(ledgerOf([0, started], [1, newer]));
    expect(report.remarks).toEqual(["1 entries were written by a newer version of Leeway and are left out here"]);
    expect(report.phases).toHaveLength(1);
  });

  it("a clock was set back: no length of time is below zero", () => {
    const back = ledgerOf(
      [10, started],
      [5, { type: "decision", decision: { kind: "rollback", rule: "error", reason: "r" }, judgement: null }],
      [
        4,
        {
          type: "flip-readback",
          action: "a",
          state: { flag: "f", share: 0, enabled: true, revision: "1" },
          confirmed: true,
        },
      ],
    );
    const report = reportOf(back, START);
    const text = renderReportMarkdown(report);
    expect(report.phases.flatMap(({ time }) => Object.values(time)).every((ms) => ms >= 0)).toBe(true);
    expect(text).toContain("decision to read-back: not measured: a clock was set");
    expect(report.remarks.join()).toContain("a clock was set");
  });

  it("a person rolled back before anything was judged", () => {
    const report = reportOf(
      ledgerOf([0, started], [1, { type: "command", command: "rollback", reason: "we changed our minds" }, "ana"]),
    );
    expect(report.incidents[0]).toMatchObject({
      by: "ana",
      reason: "we changed our minds",
      verdict: null,
      harmSince: null,
    });
    expect(renderReportMarkdown(report)).toContain("harm since, by the evidence: not measured");
    expect(report.open).toContain("the rollback is not proven by the spans: canary calls may go on");
  });
});

it("tells of each notice to whom it went, and whether it arrived", () => {
  const notice = {
    id: "n",
    at: START,
    type: "stage",
    migration: "support-bot",
    incident: "",
    title: "t",
    summary: "s",
    facts: [],
    link: "",
  } as const;
  const report = reportOf(
    ledgerOf(
      [0, started],
      [0, { type: "notice", notice, channels: ["slack", "mail", "pager"] }],
      [
        0,
        {
          type: "delivery",
          notice: "n",
          channel: "mail",
          attempt: 1,
          delivery: { outcome: "retry", detail: "451", retryAfterMs: null },
        },
      ],
      [
        0,
        {
          type: "delivery",
          notice: "n",
          channel: "slack",
          attempt: 1,
          delivery: { outcome: "delivered", detail: "200" },
        },
      ],
      [
        1,
        {
          type: "delivery",
          notice: "n",
          channel: "slack",
          attempt: 2,
          delivery: { outcome: "failed", detail: "late" },
        },
      ],
    ),
  );
  expect(report.notices[0]?.channels.map(({ channel, outcome }) => `${channel} ${outcome}`)).toEqual([
    "slack delivered",
    "mail retry: 451",
    "pager no try on record",
  ]);
});

it("is the same, byte for byte, of the same ledger", () => {
  expect(renderReportMarkdown(reportOf(WHOLE_LIFE))).toBe(renderReportMarkdown(reportOf(structuredClone(WHOLE_LIFE))));
});

it("stays small of a ledger of 100,000 entries that alternate for 14 days", () => {
  const flapping = Array.from({ length: 100_000 }, (_, i): readonly [number, LedgerEvent] => [
    (i * 14 * 24) / 100_000,
    {
      type: "verdict",
      tick: 0,
      verdict: aVerdict({ outcome: i % 2 === 0 ? "clear" : "breach", evidence: anEvidence({ logE: i % 9 }) }),
    },
  ]);
  const report = reportOf(ledgerOf([0, started], ...flapping), START + 400 * HOUR);
  expect(report.rules[0]?.changes).toBe(99_999);
  expect(report.rules[0]?.points.length).toBeLessThanOrEqual(241);
  expect(renderReportMarkdown(report).length).toBeLessThan(20_000);
});
