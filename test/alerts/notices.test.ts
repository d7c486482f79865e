import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvalDueNotice } from "../../alerts/approval-notice.ts";
import { createSlackChannel } from "../../alerts/channels/slack.ts";
import { createWebhookChannel } from "../../alerts/channels/webhook.ts";
import { canaryReturnedNotice, drainedNotice, notRolledBackNotice } from "../../alerts/drain-notices.ts";
import type { NoticeContext } from "../../alerts/notice-draft.ts";
import { pageNotice, pauseNotice, stageNotice, testNotice, waitingNotice } from "../../alerts/notices.ts";
import { pageWords } from "../../alerts/page-words.ts";
import { revisionGoneNotice, revisionPendingNotice } from "../../alerts/revision-notices.ts";
import { rollbackFailedNotice, rollbackNotice } from "../../alerts/rollback-notices.ts";
import type { FlipResult } from "../../core/flag.ts";
import type { Exposure } from "../../core/ledger.ts";
import type { Stage } from "../../core/migration.ts";
import type { Notice } from "../../core/notice.ts";
import { UNDECIDED_REASONS } from "../../core/undecided-reasons.ts";
import type { Verdict } from "../../core/verdict.ts";
import { startSlackReceiver, startWebhookReceiver } from "../../demo/receivers.ts";
import { aMigration, aRule } from "../fixtures/a-migration.ts";
import { anEvidence } from "../fixtures/an-evidence.ts";
import { MALICIOUS } from "./a-notice.ts";

const AT = 1_800_000_000_000;
const migration = aMigration({
  stages: [
    { kind: "canary", share: 0.05, forMs: 1, approval: false },
    { kind: "canary", share: 0.25, forMs: 1, approval: false },
  ],
  rules: [
    aRule(),
    aRule({ id: "latency_ms.p99.absolute-increase", signal: "latency_ms", quantile: 0.99, unit: "absolute-increase" }),
    aRule({ id: "cost_usd.relative", signal: "cost_usd" }),
    aRule({ signal: "output_shape", severity: "pause" }),
  ],
});
const context: NoticeContext = {
  startedWith: `v2:${"ab12cd34".repeat(8)}`,
  migration,
  incident: "support-bot/i-1",
  at: AT,
  link: "http://127.0.0.1:4320/m/support-bot",
};
const verdict: Verdict = { rule: "error", severity: "rollback", outcome: "breach", evidence: anEvidence() };
const because = (changes: Partial<Verdict["evidence"]>, rule_ = "error"): Verdict => ({
  ...verdict,
  rule: rule_,
  evidence: { ...verdict.evidence, ...changes },
});
const FLAG = { flag: "support-model", target: "builtin", shareBefore: 0.05 };
const confirmed = (wrote = true): Extract<FlipResult, { outcome: "confirmed" }> => ({
  outcome: "confirmed",
  state: { flag: "support-model", share: 0, enabled: false, revision: "r2" },
  flippedAt: AT + 200,
  wrote,
});
const exposure: Exposure = {
  since: AT + 1_200,
  until: AT + 9_000,
  canaryCalls: 0,
  baselineCalls: 170,
  lastCanaryStart: null,
  instances: [],
};
const PENDING = {
  ...{ nth: 1, hash: `v2:${"1f".repeat(32)}`, of: migration.hash, file: "m.yaml" },
  ...{ changes: [], more: 0, problem: "" },
};
const factsOf = (notice: Notice): Record<string, string> => Object.fromEntries(notice.facts);

describe("the rollback notice", () => {
  it("says what was seen, what was allowed, how sure it is, what was done and what is left", () => {
    const notice = rollbackNotice(context, { verdict }, FLAG, confirmed());
    expect(notice).toMatchObject({
      id: "support-bot/i-1/rollback",
      at: AT,
      type: "rollback",
      migration: "support-bot",
      incident: "support-bot/i-1",
      title: "Rolled back support-bot: error 19.8%, limit 5%",
      link: `${context.link}#support-bot`,
    });
    expect(notice.summary).toBe(
      "The candidate gpt-new broke the rule error: canary 19.8% (31 of 157 calls), limit 5%, " +
        "baseline 1.19% (35 of 2,940 calls); 99% interval of the canary 13.1% to 27.9%. " +
        "Done: Flag support-model (builtin) went from 5% to 0% canary at 2027-01-15 08:00:00 UTC and was read back. " +
        "New calls go to gpt-old. " +
        "Proven: That the limit is broken, yes: a candidate that keeps the limit shows evidence this strong with " +
        "probability at most 1 in 11,000, however often one looks. " +
        "That canary calls stopped, not yet: the spans are watched, and a second message says that it is proven, or NOT ROLLED BACK. " +
        "Do now: Nothing yet: wait for that second message. Then find the cause: `leeway explain support-bot error`. " +
        "The canary stays off until a person runs `leeway rearm support-bot`.",
    );
    expect(factsOf(notice)).toEqual({
      Rule: "error",
      Canary: "19.8% (31 of 157 calls)",
      Baseline: "1.19% (35 of 2,940 calls)",
      "Limit on the canary": "5%",
      Counted: "calls, but those whose answer the app broke off",
      "99% interval": "13.1% to 27.9%",
      "Log e-value": "9.31 (threshold 7.09)",
      Method: "one-sample, canary share 5%",
      Flag: "support-model (builtin): 0%",
      Candidate: "gpt-new",
      "Baseline model": "gpt-old",
      Owner: "support-platform",
    });
  });

  it.each<[string, Verdict, string]>([
    [
      "milliseconds",
      because(
        { value: { baseline: 900, canary: 1_522 }, limit: 1_100, events: null, interval: null },
        "latency_ms.p99.absolute-increase",
      ),
      "Rolled back support-bot: p99 of latency_ms 1.52 s, limit 1.1 s",
    ],
    [
      "dollars",
      because(
        { value: { baseline: 0.0042, canary: 0.00561 }, limit: 0.00504, events: null, interval: null },
        "cost_usd.relative",
      ),
      "Rolled back support-bot: cost_usd $0.00561, limit $0.00504",
    ],
    [
      "no number",
      because({ value: { baseline: null, canary: null }, limit: null, events: null, interval: null }, "output_shape"),
      "Rolled back support-bot: output_shape",
    ],
    [
      "a finding in words",
      because({ seen: "code fence: code_fence up from 2% to 88% (effect 2.15); what changed: model" }, "output_shape"),
      "Rolled back support-bot: output_shape: code fence: code_fence up from 2% to 88% (effect 2.15); what changed: model",
    ],
    [
      "a segment",
      because({ segment: "input_type=faq" }),
      "Rolled back support-bot: error in input_type=faq 19.8%, limit 5%",
    ],
    [
      "a rule that is gone",
      because({ interval: null }, "old.rule"),
      "Rolled back support-bot: old.rule 19.8%, limit 5%",
    ],
  ])("speaks in the signal's unit: %s", (_what, breach, title) => {
    const notice = rollbackNotice(context, { verdict: breach }, FLAG, confirmed());
    expect(notice.title).toBe(title);
    expect(`${notice.summary}${JSON.stringify(notice.facts)}`).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  it("names the person who asked for it and the reason", () => {
    const notice = rollbackNotice(context, { by: "ana", reason: "customers complain" }, FLAG, confirmed());
    expect(notice.title).toBe("Rolled back support-bot: by ana");
    expect(notice.summary).toMatch(/^Asked for by ana: customers complain/);
  });

  it("does not claim a write that was not needed", () => {
    expect(rollbackNotice(context, { verdict }, FLAG, confirmed(false)).summary).toContain(
      "was already at 0% canary at",
    );
  });
});

describe("the notice of a rollback that did not happen", () => {
  it.each<[FlipResult, string]>([
    [{ outcome: "failed", why: "auth", detail: "HTTP 401", retryAfterMs: null }, "auth: HTTP 401"],
    [
      { outcome: "unconfirmed", state: null, why: "written as 0, but the flag reads 0.05", flippedAt: AT },
      "the flag reads 0.05",
    ],
  ])("pages, says why and what to do by hand", (flip, why) => {
    if (flip.outcome === "confirmed") throw new Error("not a failure");
    const notice = rollbackFailedNotice(context, { verdict }, FLAG, flip);
    expect(notice).toMatchObject({ type: "page", id: "support-bot/i-1/page/rollback-failed" });
    expect(notice.title).toMatch(/^ROLLBACK FAILED: support-bot still serves the candidate/);
    expect(notice.summary).toContain(why);
    expect(notice.summary).toContain("Do now: Switch flag support-model to the baseline by hand in builtin, now.");
  });
});

describe("the notice that canary calls go on", () => {
  const overdue = { state: "overdue", exposure: { ...exposure, canaryCalls: 12 } } as const;

  it("says NOT ROLLED BACK and which instances", () => {
    const drain = { ...overdue, reason: "canary-calls", instances: ["app-1", "app-7"] } as const;
    const notice = notRolledBackNotice(context, { verdict }, drain, AT - 60_000);
    expect(notice).toMatchObject({ type: "page", id: "support-bot/i-1/page/not-rolled-back" });
    expect(notice.title).toBe("NOT ROLLED BACK: support-bot: canary calls still arrive");
    expect(notice.summary).toContain("60.0 s ago");
    expect(notice.summary).toContain("app-1, app-7");
    expect(factsOf(notice)["Canary calls since the flip"]).toBe("12");
    expect(notice.summary).toContain("broke the rule");
    expect(notice.summary).toContain("leeway explain support-bot error");
  });

  it.each(["no-traffic", "too-little-traffic", "not-measured"] as const)(
    "does not blame an instance for %s",
    (reason) => {
      const notice = notRolledBackNotice(
        context,
        { verdict },
        { ...overdue, reason, instances: [], exposure: null },
        AT - 60_000,
      );
      expect(notice.title).toMatch(/^NOT ROLLED BACK: support-bot: /);
      expect(notice.summary).toContain("Check that the app is up");
      expect(notice.summary).not.toMatch(/restart/i);
    },
  );
});

const PROVEN = { state: "proven", provenAt: AT + 9_000, probability: 0.95 ** 170, exposure } as const;

describe("the notice that the drain is proven", () => {
  const drain = PROVEN;

  it("gives the seconds from decision to flip and from flip to the last canary call", () => {
    const times = { decidedAt: AT, flippedAt: AT + 200, drain: { ...drain, lastCanaryStart: AT + 1_150 }, returns: 0 };
    const notice = drainedNotice(context, times);
    expect(notice).toMatchObject({ type: "drained", id: "support-bot/i-1/drained" });
    expect(factsOf(notice)).toEqual({
      "Decision to flip": "0.2 s",
      "Last canary call": "0.9 s after the flip",
      Proven: "8.8 s after the flip",
      "Chance of this without a drain": "1.6e-4",
      Candidate: "gpt-new",
      "Baseline model": "gpt-old",
      Owner: "support-platform",
    });
    expect(notice.summary).toContain("leeway rearm support-bot");
  });

  it("says so when there was no canary call after the flip", () => {
    const notice = drainedNotice(context, {
      decidedAt: AT,
      flippedAt: AT,
      drain: { ...drain, lastCanaryStart: null },
      returns: 0,
    });
    expect(factsOf(notice)["Last canary call"]).toBe("none");
  });
});

describe("the notice that canary calls came back after the proof", () => {
  it("pages, opens the incident again, names the instances and says what to look for", () => {
    const notice = canaryReturnedNotice(context, {
      cause: { verdict },
      exposure: { ...exposure, canaryCalls: 4, instances: ["pod-7"] },
      returns: 2,
    });
    expect(notice).toMatchObject({ type: "page", phase: "open", severity: "critical" });
    expect(notice.id).toBe("support-bot/i-1/page/canary-returned/2");
    expect(notice.title).toContain("NOT ROLLED BACK: support-bot: canary calls are back");
    expect(notice.summary).toContain("restart or stop them: pod-7");
    const again = { decidedAt: AT, flippedAt: AT, drain: { ...PROVEN, lastCanaryStart: null }, returns: 2 };
    expect(drainedNotice(context, again).id).toBe("support-bot/i-1/drained/2");
  });
});

describe("the other notices", () => {
  it("a pause keeps the share and asks a person", () => {
    const notice = pauseNotice(context, { ...verdict, severity: "pause" }, 0.05);
    expect(notice).toMatchObject({ type: "pause", id: `support-bot/i-1/pause/error/${AT}` });
    expect(notice.title).toBe("Paused support-bot: error 19.8%, limit 5%");
    expect(notice.summary).toContain("keeps 5% of the traffic");
    expect(notice.summary).toMatch(
      /`leeway resume support-bot` continues the ramp, `leeway rollback support-bot` goes back/,
    );
  });

  it("a stage says where the migration stands", () => {
    const notice = stageNotice(
      { ...context, incident: "" },
      {
        ...{ stage: 1, by: "agent", reason: "every rule is clear", asks: false },
      },
    );
    expect(notice).toMatchObject({
      type: "stage",
      id: `support-bot@ab12cd34/stage/1/${AT}`,
      title: "support-bot: stage 2 of 2, canary 25%",
    });
  });

  it("a stage says what ends it: time, or a person", () => {
    const stages = [0.05, 0.25].map(
      (share): Stage => ({ kind: "canary", share, forMs: 4 * 3_600_000, approval: false }),
    );
    const summaryAt = (stage: number): string =>
      stageNotice(
        { ...context, migration: { ...migration, stages } },
        { stage, by: "ana", reason: "why not", asks: stage === 1 },
      ).summary;
    expect(summaryAt(0)).toContain("This stage ends by itself after 4.0 h, when every rule is clear.");
    expect(summaryAt(1)).toContain("when every rule is clear and a person runs `leeway advance support-bot`.");
    expect(summaryAt(1)).toContain("Decided by ana: why not.");
  });

  it.each<[Stage, string, string, string]>([
    [
      { kind: "baseline", forMs: 3_600_000, approval: false },
      "baseline only",
      "All traffic stays with the baseline gpt-old",
      "after 60 min, when the baseline is known",
    ],
    [
      { kind: "shadow", mirrored: 0.5, forMs: 3_600_000, approval: false },
      "shadow 50%",
      "for 50% of the calls; nobody gets its answers",
      "when the answers of the shadow are clear",
    ],
    [
      { kind: "canary", share: 0.05, forMs: 3_600_000, approval: false, gate: ["error"] },
      "canary 5%",
      "is to get 5% of the traffic from now on",
      "when the rules of its gate are clear (error)",
    ],
    [
      { kind: "observe", holdback: 0.01, forMs: 3_600_000, approval: false },
      "observe at 99%",
      "is to get 99% of the traffic and is watched",
      "when every rule is clear",
    ],
  ])("a stage is called what it is: %o", (stage, name, served, ends) => {
    const of = { ...context, migration: { ...migration, stages: [stage] } };
    const notice = stageNotice(of, { stage: 0, by: "agent", reason: "it is time", asks: false });
    expect(notice.title).toBe(`support-bot: stage 1 of 1, ${name}`);
    expect(notice.summary).toContain(served);
    expect(notice.summary).toContain(ends);
  });

  it("a page has the id of its topic, and says whose it is", () => {
    const page = { topic: "provider", title: "Both arms are ill", summary: ["429s."] };
    const notice = pageNotice(context, page);
    expect(notice).toMatchObject({ type: "page", id: "support-bot/i-1/page/provider", summary: "429s." });
    expect(factsOf(notice).Owner).toBe("support-platform");
  });

  it("a page of a doubt has its advice under what to do, and nowhere else", () => {
    for (const [name, { meaning, advice }] of Object.entries(UNDECIDED_REASONS)) {
      const reason = `${meaning}: 31% of them; nothing is promoted on such data: ${advice}`;
      const { title, summary, next = [] } = pageWords("support-bot", { topic: `${name}:0:1`, reason });
      expect(title).toBe(`support-bot: ${meaning}`);
      expect(summary).toEqual([`${meaning[0]?.toUpperCase()}${meaning.slice(1)}: 31% of them.`]);
      expect(next.join(" ").toLowerCase()).toContain(advice.toLowerCase());
    }
  });

  it("a page of anything else has its reason, and where to look", () => {
    const words = pageWords("support-bot", { topic: "stuck:0:1", reason: "the stage cannot end: error is undecided" });
    expect(words.title).toBe("support-bot: the stage cannot end: error is undecided");
    expect(words.summary).toEqual(["the stage cannot end: error is undecided."]);
    expect(words.next?.join()).toContain("leeway explain support-bot");
  });

  it("a part that is too long takes no other part with it", () => {
    const long = { ...verdict, evidence: anEvidence({ segment: `tenant=${"x".repeat(5_000)}` }) };
    const { summary, sections } = rollbackNotice(context, { verdict: long }, FLAG, confirmed());
    expect(summary.length).toBeLessThanOrEqual(2_000);
    expect(sections.map(([heading]) => heading)).toEqual(["What happened", "Done", "Proven", "Do now"]);
    expect(summary).toContain("`leeway rearm support-bot`");
  });
});

const everyNotice = (ctx: NoticeContext, breach: Verdict, text: string): Notice[] => [
  rollbackNotice(ctx, { verdict: breach }, { ...FLAG, flag: text }, confirmed()),
  rollbackNotice(ctx, { by: text, reason: text }, FLAG, confirmed()),
  rollbackFailedNotice(ctx, { verdict: breach }, FLAG, {
    outcome: "failed",
    why: "auth",
    detail: text,
    retryAfterMs: null,
  }),
  pauseNotice(ctx, breach, 0.05),
  pageNotice(ctx, { topic: "t", title: text, summary: [text], facts: [[text, text]] }),
  notRolledBackNotice(
    ctx,
    { by: text, reason: text },
    { state: "overdue", reason: "canary-calls", instances: [text, text], exposure },
    AT,
  ),
  canaryReturnedNotice(ctx, {
    cause: { by: text, reason: text },
    exposure: { ...exposure, instances: [text] },
    returns: 1,
  }),
  drainedNotice(ctx, {
    returns: 2,
    decidedAt: AT,
    flippedAt: AT,
    drain: { state: "proven", lastCanaryStart: null, provenAt: AT, probability: 1e-5, exposure },
  }),
  stageNotice(ctx, { stage: 0, by: text, reason: text, asks: true }),
  waitingNotice(ctx, { by: text, reason: text }),
  approvalDueNotice(ctx, { stage: 0, hold: text }),
  revisionPendingNotice(ctx, { ...PENDING, file: text, problem: text, changes: [{ effect: "looser", text }] }),
  revisionGoneNotice(ctx, { ...PENDING, file: text }),
  testNotice({ at: AT, by: "ana", link: "" }),
];

describe("every notice", () => {
  const all = () => everyNotice(context, verdict, "plain");

  it("has a deterministic id of its own", () => {
    expect(all()).toEqual(all());
    const ids = all().map((notice) => notice.id);
    expect(new Set(ids).size).toBe(ids.length - 1); // the two rollbacks of one incident are one event
  });

  const SECRET = `whsec_${Buffer.from("thirty-two bytes of secret text!").toString("base64")}`;
  let slack: Awaited<ReturnType<typeof startSlackReceiver>>;
  let webhook: Awaited<ReturnType<typeof startWebhookReceiver>>;
  beforeAll(async () => {
    slack = await startSlackReceiver();
    webhook = await startWebhookReceiver({ secret: SECRET });
  });
  afterAll(() => Promise.all([slack.close(), webhook.close()]));

  it.each([["plain text", "plain"] as const, ...MALICIOUS])(
    "fits and is taken by strict receivers: %s",
    async (_what, text) => {
      const on = ["page"] as const;
      const channels = [
        createSlackChannel({ name: "slack", url: slack.url, on }, { now: Date.now }),
        createWebhookChannel({ name: "webhook", url: webhook.url, secret: SECRET, on }, { now: Date.now }),
      ];
      const hostile = {
        ...context,
        migration: { ...migration, owner: text, candidate: { ...migration.candidate, model: text } },
      };
      for (const notice of everyNotice(hostile, because({ segment: `topic=${text}` }), text)) {
        expect(notice.title.length).toBeLessThanOrEqual(150);
        expect(notice.summary.length).toBeLessThanOrEqual(2_000);
        for (const channel of channels) {
          expect(await channel.send(notice, { signal: AbortSignal.timeout(5_000) })).toMatchObject({
            outcome: "delivered",
          });
        }
      }
      expect([...slack.refused(), ...webhook.refused()]).toEqual([]);
    },
  );
});
