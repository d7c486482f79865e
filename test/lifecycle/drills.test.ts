import { describe, expect, it } from "vitest";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import type { Verdict } from "../../core/verdict.ts";
import { decide } from "../../lifecycle/decide.ts";
import { drilledRule } from "../../lifecycle/drill-breach.ts";
import { decisionToProofMs, drillSteps, drillsOf, lastDrill } from "../../lifecycle/drills.ts";
import { drillKey, flipKey, nextDrill } from "../../lifecycle/ledger-ids.ts";
import { drillRefusal } from "../../lifecycle/may-drill.ts";
import { noticesDue } from "../../lifecycle/notices-due.ts";
import { standingOf } from "../../lifecycle/standing.ts";
import { desiredShare, judgedShare, type MigrationState } from "../../lifecycle/state.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";

const migration = migrationOf(documentText({ stages: "stages: [{ canary: 20%, for: 1h }, { canary: 50%, for: 1h }]" }));
const HASH = migration.hash;
let at = 0;
const entry = (event: LedgerEvent, by = "agent"): LedgerEntry => {
  at += 1_000;
  return { id: `e${at}`, at, migration: migration.name, by, incident: `${migration.name}:1000`, event };
};
const flag = (share: number) => ({ flag: "f", share, enabled: share > 0, revision: `r${at}` });
const begins = (): readonly LedgerEntry[] => {
  at = 0;
  return [entry({ type: "started", hash: HASH, stage: 0, share: 0.2 })];
};
const BEGIN = {
  type: "drill-started",
  drill: "1000-1",
  reason: "friday",
  rule: "error",
  share: 0.2,
  until: 99_000,
  owner: "run",
} as const;
const down = () => [
  entry({ type: "flip-intent", action: "a", flag: "f", target: "t", share: 0 }),
  entry({ type: "flip-result", action: "a", write: { outcome: "written", state: flag(0) } }),
  entry({ type: "flip-readback", action: "a", state: flag(0), confirmed: true }),
];
const PROVEN = {
  type: "drill-drained",
  drill: "1000-1",
  drain: "proven",
  exposure: null,
  probability: 0,
  flippedAt: 4_000,
} as const;
const ENDED = { type: "drill-ended", drill: "1000-1", outcome: "proven", why: "" } as const;
const up = () => [
  entry({ type: "flip-readback", action: "b", state: flag(0.2), confirmed: true }),
  entry({ type: "drill-restored", drill: "1000-1", share: 0.2, settledAt: at + 15_000 }),
];
const whole = () => [...begins(), entry(BEGIN, "ana"), ...down(), entry(PROVEN), entry(ENDED), ...up()];
const ROLLBACK = {
  type: "decision",
  decision: { kind: "rollback", rule: "error", reason: "ill" },
  judgement: null,
} as const;

const fold = (entries: readonly LedgerEntry[]): MigrationState => foldLedger(migration, entries);
const share = (entries: readonly LedgerEntry[]): number => desiredShare(migration, fold(entries));

describe("a drill in the fold", () => {
  it("wants the flag off from its start to its end, and has its calls judged by no share until it is restored", () => {
    const all = whole();
    const shares = all.map((_, i) => share(all.slice(0, i + 1)));
    expect(shares).toEqual([0.2, 0, 0, 0, 0, 0, 0.2, 0.2, 0.2]);
    const judged = all.map((_, i) => judgedShare(migration, fold(all.slice(0, i + 1))));
    expect(judged).toEqual([0.2, 0, 0, 0, 0, 0, 0, 0, 0.2]);
    expect(fold(all)).toMatchObject({ drill: null, drills: 1, routedSince: 23_000, rollback: null, call: null });
  });

  it("stands as drilling, and needs flips of its own, down and up", () => {
    const all = whole();
    const during = fold(all.slice(0, 3));
    expect(standingOf(migration, during, at)).toBe("drilling");
    expect(flipKey(during, 0)).toBe("flip:1000:drill-1:0");
    expect(flipKey(fold(all.slice(0, 1)), 0.2)).toBe("flip:1000:stage-0:0.2");
    expect(flipKey(fold(all), 0.2)).toBe("flip:1000:stage-0:0.2:drill-1");
    expect([nextDrill(fold(all.slice(0, 1))), nextDrill(fold(all))]).toEqual(["1000-1", "1000-2"]);
    expect(drillKey("drill-ended", "1000-1")).toBe("drill-ended:1000-1");
  });

  it.each([1, 2, 4, 5, 6, 7, 8])(
    "gives way to a rollback after entry %i of its life, and wants nothing served ever after",
    (n) => {
      const all = whole();
      const cut = [...all.slice(0, n + 1), { ...entry(ROLLBACK), at: (all[n]?.at ?? 0) + 1 }];
      const late = all.slice(n + 1);
      for (let i = 0; i <= late.length; i++) expect(share([...cut, ...late.slice(0, i)])).toBe(0);
      const { drill, rollback } = fold([...cut, ...late]);
      expect([drill, rollback?.cutsDrill]).toEqual([null, n < 8 ? true : undefined]);
    },
  );

  it("does not begin in what is rolled back, not even where the two agents did not know of each other", () => {
    expect(share([...begins(), entry(ROLLBACK), entry(BEGIN), entry(ENDED)])).toBe(0);
    expect(fold([...begins(), entry(ROLLBACK), entry(BEGIN)]).drill).toBeNull();
  });

  it("ends when a rule pauses the ramp", () => {
    const paused = [
      ...begins(),
      entry(BEGIN),
      ...down(),
      entry({ type: "decision", decision: { kind: "pause", rule: "x", reason: "r" }, judgement: null }),
    ];
    expect(fold(paused)).toMatchObject({ isPaused: true, drill: { endedAt: at } });
    expect(share(paused)).toBe(0.2);
  });

  it("goes on while people learn that a stage does not end", () => {
    const stuck = { kind: "page", reason: "it does not end", topic: "stuck:0:1000" } as const;
    const during = fold([
      ...begins(),
      entry(BEGIN),
      ...down(),
      entry({ type: "decision", decision: stuck, judgement: null }),
    ]);
    expect(during).toMatchObject({ call: { isHold: true }, drill: { endedAt: null, isConfirmed: true } });
  });

  it("that was refused because of what others had on record takes a name all the same: the next is another", () => {
    const page = { type: "decision", decision: { kind: "page", reason: "odd" }, judgement: null } as const;
    const refused = [...begins(), entry(page), entry(BEGIN)];
    expect(fold(refused).drill).toBeNull();
    const seen = [...refused, entry({ type: "command", command: "ack", reason: "seen" })];
    expect(nextDrill(fold(seen))).toBe("1000-2");
    expect(fold([...seen, entry({ ...BEGIN, drill: "1000-2" })]).drill).toMatchObject({ drill: "1000-2" });
  });

  it("restores the share of the stage that an advance or a revision came to meanwhile", () => {
    const during = [...begins(), entry(BEGIN), ...down()];
    const moved = [...during, entry({ type: "command", command: "advance", reason: "r", stage: 0 })];
    expect([share(moved), share([...moved, entry(ENDED)])]).toEqual([0, 0.5]);
    const revision = { hash: "h2", stage: 1, share: 0.5, before: 0.2, keepsTime: false, restarts: true };
    const revised = [...during, entry({ type: "command", command: "revise", reason: "r", revision })];
    expect(fold(revised).drill).toMatchObject({ endedAt: null, isConfirmed: true });
    expect([share(revised), share([...revised, entry(ENDED)])]).toEqual([0, 0.5]);
    expect(flipKey(fold([...revised, entry(ENDED)]), 0.5)).toBe("flip:1000:revision-1-stage-1:0.5:drill-1");
  });

  it("ends for good when it is abandoned, in the middle or before its share is back", () => {
    const abandon = { type: "command", command: "rollback", abandons: true, reason: "r" } as const;
    for (const before of [2, 5, 7]) {
      const entries = [...whole().slice(0, before), entry(abandon, "bo")];
      expect(fold(entries)).toMatchObject({ drill: null, rollback: { cutsDrill: true }, abandoned: { by: "bo" } });
      expect(share([...entries, ...whole().slice(before)])).toBe(0);
      expect(drillRefusal(fold(entries))).toContain("abandoned");
    }
  });

  it("is passed over where another drill is named", () => {
    expect(share([...begins(), entry(BEGIN), entry({ ...ENDED, drill: "1000-7" })])).toBe(0);
  });
});

describe("whether a drill may begin", () => {
  const FALLBACK = { flag: "f", target: "file" };
  const REARM = { type: "command", command: "rearm", reason: "r" } as const;
  const fallenBack = () => [
    entry(ROLLBACK),
    entry({ type: "flip-intent", action: "a", ...FALLBACK, share: 0, fallback: FALLBACK, before: 1 }),
    entry({ type: "flip-readback", action: "a", state: flag(0), confirmed: true, fallback: FALLBACK }),
  ];
  const page = entry({ type: "decision", decision: { kind: "page", reason: "odd", topic: "odd" }, judgement: null });
  const ack = entry({ type: "command", command: "ack", reason: "seen" });
  const stuck = {
    type: "decision",
    decision: { kind: "page", reason: "it does not end: leeway drill", topic: "stuck:0:1000" },
    judgement: null,
  } as const;
  const paused = { type: "command", command: "pause", reason: "r" } as const;
  const blind = {
    type: "decision",
    decision: { kind: "page", reason: "blind", topic: "blind:1" },
    judgement: null,
  } as const;
  const pausing = { type: "decision", decision: { kind: "pause", rule: "x", reason: "r" }, judgement: null } as const;
  it.each<[string, readonly LedgerEntry[], string | null]>([
    ["in a quiet time", [], null],
    ["after one", whole().slice(1), null],
    ["while a fallback is off that a rollback switched off", [...fallenBack(), entry(REARM)], "not restored"],
    ["during one", [entry(BEGIN)], "under way"],
    ["before the last one is restored", [entry(BEGIN), entry(ENDED)], "not restored"],
    ["after a rollback", [entry(ROLLBACK)], "rolled back"],
    ["while nobody has acknowledged a page", [page], "acknowledged"],
    ["when somebody has", [page, ack], null],
    ["while the trouble lasts", [entry(blind), ack], "still lasts"],
    ["after a pause by a person", [entry({ type: "command", command: "pause", reason: "r" })], null],
    ["after a pause by a rule, seen or not", [entry(pausing), ack], "people are to decide"],
    ["while a stage does not end, seen or not", [entry(stuck)], null],
    ["while a stage does not end and a person paused it", [entry(stuck), entry(paused)], null],
    ["while a stage does not end, beside a page that somebody has seen", [page, ack, entry(stuck)], null],
    ["while a stage does not end, beside a page that nobody has", [page, entry(stuck)], "acknowledged"],
    ["while a stage does not end, and something else came", [entry(stuck), page], "acknowledged"],
    ["while a stage does not end, after a pause by a rule", [entry(pausing), ack, entry(stuck)], "acknowledged"],
    ["while a stage does not end, before a pause by a rule", [entry(stuck), entry(pausing)], "acknowledged"],
  ])("%s", (_when, more, said) => {
    const refusal = drillRefusal(fold([...begins(), ...more]));
    expect(said === null ? refusal : (refusal ?? "")).toEqual(said === null ? null : expect.stringContaining(said));
  });

  it("not before the start", () => {
    expect(drillRefusal(fold([]))).toContain("not started");
  });
});

describe("what is decided during a drill", () => {
  const breach = (severity: "rollback" | "pause"): Verdict =>
    ({
      rule: "r",
      severity,
      outcome: "breach",
      evidence: { logE: 9, threshold: 1, n: {}, value: {}, segment: "", seen: "ill" },
    }) as never;
  const during = () => fold([...begins(), entry(BEGIN), ...down()]);
  const judged = (verdicts: readonly Verdict[], now = 10_000) =>
    decide(
      migration,
      during(),
      {
        migration: migration.name,
        at: now,
        stage: 0,
        verdicts,
        doubts: [{ reason: "sample-ratio-mismatch", detail: "d", since: 0 }],
      },
      now,
    ).kind;

  it("harm alone: no page of what the drill does to the traffic, and no advance", () => {
    expect(judged([breach("rollback")])).toBe("rollback");
    expect(judged([breach("pause")])).toBe("pause");
    expect(judged([])).toBe("continue");
  });

  it("everything again when its time is up, restored or not", () => {
    expect(judged([], BEGIN.until)).toBe("page");
  });

  it("rests on a made-up breach of the first rule that rolls back; without one, on no rule", () => {
    expect(drilledRule(migration, fold(begins()), at)).toBe(
      migration.rules.find(({ severity }) => severity === "rollback")?.id,
    );
    const lenient = { ...migration, rules: migration.rules.filter(({ severity }) => severity !== "rollback") };
    expect(drilledRule(lenient, fold(begins()), at)).toBe("");
  });
});

describe("what the ledger says of drills", () => {
  it("the seconds of each step, and when the last one was", () => {
    const all = whole();
    const [drill] = drillsOf(all);
    if (drill === undefined) throw new Error("no drill");
    expect(drillSteps(drill)).toEqual({
      decision: 1_000,
      flip: 1_000,
      readBack: 1_000,
      people: null,
      drain: 1_000,
      restore: 2_000,
    });
    expect(decisionToProofMs(drill)).toBe(4_000);
    expect(lastDrill(all)).toEqual({ at: 7_000, outcome: "proven", why: "", seconds: 4 });
    expect(lastDrill(all.slice(0, 5))).toBeNull();
    expect(lastDrill([])).toBeNull();
  });

  it("the one before, while the next runs", () => {
    const all = [...whole(), entry({ ...BEGIN, drill: "1000-2" })];
    expect(lastDrill(all)?.at).toBe(7_000);
    expect(drillsOf(all).map(({ outcome }) => outcome)).toEqual(["proven", null]);
  });

  it("who was told, when every channel has", () => {
    const all = [...begins(), entry(BEGIN), ...down()];
    const [drill] = drillsOf(all);
    const notice = { id: `${drill?.incident}/told` } as never;
    const told = entry({ type: "notice", notice, channels: ["a", "b"] });
    const delivered = (channel: string) =>
      entry({
        type: "delivery",
        notice: `${drill?.incident}/told`,
        channel,
        attempt: 1,
        delivery: { outcome: "delivered", detail: "" },
      });
    const first = [...all, told, delivered("a")];
    const stepOf = (entries: readonly LedgerEntry[]) => drillsOf(entries).map((each) => drillSteps(each).people);
    expect([stepOf(first), stepOf([...first, delivered("b")])]).toEqual([[null], [3_000]]);
  });

  it("calls for two notices under an incident of its own, and none of a rollback", () => {
    const due = noticesDue(migration, fold(whole()), whole());
    expect(due.map(({ news }) => news.kind)).toEqual(["arrived", "drilled", "drill-over"]);
    expect(new Set(due.slice(1).map(({ incident }) => incident))).toEqual(new Set([`${migration.name}:1000:drill-1`]));
  });

  it("calls for its end where a rollback cut it", () => {
    const cut = [
      ...begins(),
      entry(BEGIN),
      ...down(),
      entry(ROLLBACK),
      entry({ ...ENDED, outcome: "interrupted", why: "real" }),
    ];
    const kinds = noticesDue(migration, fold(cut), cut).map(({ news }) => news.kind);
    expect(kinds).toEqual(expect.arrayContaining(["drilled", "drill-over"]));
  });
});
