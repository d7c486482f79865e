import { describe, expect, it } from "vitest";
import type { Standing } from "../../core/standing.ts";
import { renderStatusPage } from "../../status/status-page.ts";
import { aFinding } from "../fixtures/a-finding.ts";
import { MIGRATION, NOW, STATUS, VERDICTS } from "./status-fixture.ts";

const page = renderStatusPage(STATUS);
const withMigration = (change: Partial<typeof MIGRATION>): string =>
  renderStatusPage({ ...STATUS, migrations: [{ ...MIGRATION, ...change }] });

/** The page's words, as a reader sees them. */
const words = (markup: string): string =>
  markup
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

describe("the status page", () => {
  it("is one document without scripts and without requests to anywhere", () => {
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('http-equiv="refresh" content="5"');
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|href=|src=/);
  });

  it("closes every element it opens", () => {
    const open: string[] = [];
    for (const [, slash, name = ""] of page.matchAll(/<(\/?)([a-z0-9]+)(?:\s[^>]*)?>/g)) {
      if (slash) expect(open.pop()).toBe(name);
      else if (!["meta", "br"].includes(name)) open.push(name);
    }
    expect(open).toEqual([]);
  });

  it.each([
    ["the standing", "Rolling back: waiting for canary calls to stop"],
    ["stage and time in it", "canary 5% 1 of 4, for 1 h 4 min"],
    ["share set and seen", "0% seen over the last hour 4.87%"],
    ["calls per arm", "5,699 287 canary, 5,412 baseline"],
    ["age of the newest call", "1 s ago judged up to 4 s ago"],
    ["the incident and its reason", "Incident inc-7f3a , open for 14 s"],
    ["the drain", "draining flag flipped and read back 11 s ago"],
    ["a breach with value, interval, baseline, limit, calls", "breach 20.2% 13.1% to 28.8% 1.13% 5% 287 / 5,412"],
    ["the evidence against its threshold", "9.41 / 8.52"],
    ["a clear verdict in its unit, without an interval", "clear 1840 ms 1795 ms 1995 ms"],
    [
      "why a rule is undecided",
      "undecided too few calls to judge yet: in input_type=faq 287 canary and 5,412 baseline calls with the signal 3%",
    ],
    ["the worst segment", "refusal · pause · input_type=faq"],
    ["counters that need a look", "spans dropped in the apps 12 spans look"],
    ["the ledger", "2026-11-20 02:13:58 support-bot-to-gpt-5 agent flag support-model read back"],
  ])("shows %s", (_what, text) => {
    expect(words(page)).toContain(text);
  });

  it("says why it is made, escaped, and nothing where nobody wrote it down", () => {
    expect(words(page)).not.toContain("why:");
    const markup = withMigration({ why: "cost: <b>half</b>" });
    expect(markup).not.toContain("<b>");
    expect(words(markup)).toContain("owner support-platform; why: cost: &lt;b&gt;half&lt;/b&gt;");
  });

  it("shows findings, what they can be blamed on, and notes; escaped", () => {
    const label = "<b>";
    const shape = {
      findings: [aFinding({ feature: "language", label, direction: "changed", since: NOW - 60_000 })],
      notes: ["the traffic mix changed: tier <i>"],
      attribution: {
        changed: ["prompt"],
        text: "prompt",
        differences: [{ what: "prompt", baseline: "a@1", canary: "a@2" }],
      },
    } as const;
    const markup = withMigration({ shape });
    expect(markup).not.toMatch(/<b>|tier <i>/);
    expect(words(markup)).toContain(
      "finding code fence: language &lt;b&gt; from 2% to 88% (effect 2.15) for 1 min · 210 canary",
    );
    expect(words(markup)).toContain("What changed between the arms: prompt (prompt a@1 to a@2).");
    expect(words(withMigration({}))).not.toContain("finding");
  });

  it("writes unknown values as a dash, never as zero", () => {
    expect(words(page)).toContain("with the signal 3% 13.1% to 28.8% – – 287");
    expect(words(withMigration({ shareObserved: null }))).toContain("seen over the last hour –");
    const text = words(withMigration({ calls: null, shareObserved: null, newestCall: null }));
    expect(text).toContain("calls, last hour unknown the store does not answer newest call unknown judged");
  });

  it.each<[Standing, RegExp]>([
    ["not-rolled-back", /<title>NOT ROLLED BACK/],
    ["rolled-back", /<title>Rolled back/],
    ["running", /<title>Running/],
  ])("names %s in the browser's tab", (standing, title) => {
    expect(withMigration({ standing })).toMatch(title);
  });

  it("names the most urgent migration in the tab", () => {
    const migrations = [MIGRATION, { ...MIGRATION, standing: "not-rolled-back" as const }];
    expect(renderStatusPage({ ...STATUS, migrations })).toMatch(/<title>NOT ROLLED BACK/);
  });

  it("names spans about a model that are no calls", () => {
    const untaken = [{ scope: "<b>", name: "", word: "plan", reason: "contains-calls", spans: 1 }] as const;
    expect(words(renderStatusPage({ ...STATUS, untaken }))).toContain(
      "1 span other names of &lt;b&gt;: plan contains calls, which have spans of their own",
    );
  });

  it("puts what keeps the agent from judging first", () => {
    const broken = renderStatusPage({ ...STATUS, problems: ["the store does not answer"] });
    expect(broken).toMatch(/<title>PROBLEM/);
    expect(broken.indexOf("the store does not answer")).toBeLessThan(broken.indexOf("<section"));
  });

  it("says what to do when no migration is loaded", () => {
    expect(words(renderStatusPage({ ...STATUS, migrations: [] }))).toContain("leeway init writes an example");
  });

  it("says so before the first tick was judged", () => {
    const fresh = withMigration({ verdicts: [], lastTick: null, newestCall: null, stageSince: null });
    expect(words(fresh)).toContain("No tick has been judged yet.");
    expect(words(fresh)).toContain("newest call none in the last hour judged up to nothing yet");
  });

  it("escapes every text, wherever it comes from", () => {
    const attack = `"><script>alert(1)</script>&'`;
    const hostile = renderStatusPage(
      JSON.parse(
        JSON.stringify({ ...STATUS, problems: [""] }, (key, value) =>
          typeof value === "string" && !["standing", "drain", "outcome", "why"].includes(key) ? attack : value,
        ),
      ),
    );
    expect(hostile).not.toContain("<script>");
    expect(hostile).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/);
    expect(hostile.match(/&quot;&gt;&lt;script&gt;/g)?.length).toBeGreaterThan(20);
  });

  it("keeps the evidence bar between empty and full", () => {
    const widths = (logE: number): string | undefined => {
      const [first] = VERDICTS;
      if (first === undefined) return undefined;
      const verdict = { ...first.verdict, evidence: { ...first.verdict.evidence, logE } };
      return /style="width:(-?\d+%)"/.exec(withMigration({ verdicts: [{ ...first, verdict }] }))?.[1];
    };
    expect([widths(-50), widths(4.26), widths(1000)]).toEqual(["0%", "50%", "100%"]);
  });

  it("shows the moment it was made", () => {
    expect(words(page)).toContain(`2026-11-20 02:14:09 UTC · version 0.1.0 · up 1 d 2 h`);
    expect(NOW).toBe(Date.UTC(2026, 10, 20, 2, 14, 9));
  });
});

describe("data in doubt", () => {
  const doubt = {
    reason: "response-model-changed",
    detail: "response model of the canary was m-1, is <b>m-2</b>",
    since: NOW - 300_000,
  } as const;

  it("is said above the table, with what was seen, since when and what to do", () => {
    const shown = words(withMigration({ doubts: [doubt] }));
    expect(shown).toContain("In doubt: another model, or another build of it, answers under the same name");
    expect(shown).toContain("for 5 min");
    expect(shown).toContain("pin the model&#39;s version");
    expect(withMigration({ doubts: [doubt] })).not.toContain("<b>m-2");
  });

  it("is not spoken of where there is none", () => {
    expect(words(page)).not.toContain("In doubt");
    expect(words(page)).not.toContain("Held:");
  });

  it("why a stage does not end is said, and a rule's reason comes with what to do", () => {
    const [first] = VERDICTS;
    if (first === undefined) throw new Error("the fixture has no verdict");
    const verdict = { ...first.verdict, outcome: "undecided", why: "detector-failed", detail: "RangeError" } as const;
    const shown = words(withMigration({ hold: "the time of stage 1 is up", verdicts: [{ ...first, verdict }] }));
    expect(shown).toContain("Held: the time of stage 1 is up");
    expect(shown).toContain("judging failed: a bug of Leeway&#39;s (RangeError); report it");
  });
});
