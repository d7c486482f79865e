import { describe, expect, test } from "vitest";
import type { Arm } from "../../../core/cohort.ts";
import type { Intake, Tick } from "../../../core/sample.ts";
import type { DoubtReason } from "../../../core/verdict.ts";
import { createTrust, type Trust } from "../../../detectors/trust/create-trust.ts";
import { migration, tick } from "../tick-builder.ts";

const CALLS: Readonly<Record<Arm, number>> = { canary: 20, baseline: 380 };

/** A minute of calls that came in as `intake` says; `calls` per arm. */
const minute = (at: number, intake: Intake, calls = CALLS, fields: Partial<Tick> = {}): Tick =>
  tick(at, [], {
    calls: (["canary", "baseline"] as const).map((cohort) => ({ cohort, segment: "", calls: calls[cohort] })),
    intake,
    ...fields,
  });

/** Feeds minutes `from` to `to`; the reasons doubted after each. */
const feed = (trust: Trust, from: number, to: number, of: (at: number) => Tick): readonly (readonly DoubtReason[])[] =>
  Array.from({ length: to - from }, (_, i) => {
    const next = of(from + i);
    trust.step(next, from + i === 0);
    return trust.doubts().map(({ reason }) => reason);
  });

const served = (canary: Record<string, number>, baseline: Record<string, number> = { old: 380 }): Intake => ({
  served: { canary: { model: canary }, baseline: { model: baseline } },
});

test("ticks that say nothing about how their calls came in raise no doubt", () => {
  const trust = createTrust(migration([]));
  feed(trust, 0, 60, (at) => tick(at, []));
  expect(trust.doubts()).toEqual([]);
});

test("a part that fails is a doubt of its own, and the others go on", () => {
  const trust = createTrust(migration([]));
  const broken = { losses: [null] } as unknown as Intake;
  feed(trust, 0, 15, (at) => minute(at, { ...broken, arrivals: { canary: { calls: 20, late: 20 } } }));
  expect(trust.doubts()).toMatchObject([
    { reason: "detector-failed", detail: "incomplete-spans: TypeError", since: 60_000 },
    { reason: "ingest-lag" },
  ]);
});

describe("late calls", () => {
  const arriving = (late: number) => (at: number) =>
    minute(at, { arrivals: { canary: { calls: 20, late }, baseline: { calls: 380, late: 0 } } });

  test.each([
    [0, false],
    [1, false],
    [5, true],
  ])("%i of 20 canary calls a minute came in late: doubted is %s", (late, doubted) => {
    const trust = createTrust(migration([]));
    feed(trust, 0, 15, arriving(late));
    expect(trust.doubts().some(({ reason }) => reason === "ingest-lag")).toBe(doubted);
  });

  test("the doubt says how many, since when, and ends ten minutes after the last of them", () => {
    const trust = createTrust(migration([]));
    feed(trust, 0, 15, arriving(10));
    expect(trust.doubts()).toEqual([
      {
        reason: "ingest-lag",
        detail: "100 of 200 canary calls of the last ten minutes (50%) came in more than a minute after they ended",
        since: 120_000,
      },
    ]);
    const after = feed(trust, 15, 30, arriving(0));
    expect(after[5]).toEqual(["ingest-lag"]);
    expect(after.at(-1)).toEqual([]);
  });

  test("an arm that has stopped coming is no arm that is well", () => {
    const trust = createTrust(migration([]));
    feed(trust, 0, 60, (at) => minute(at, {}));
    const silent = feed(trust, 60, 72, (at) => minute(at, {}, { canary: 0, baseline: 380 }));
    expect(silent[8]).toEqual([]);
    expect(silent.at(-1)).toEqual(["ingest-lag"]);
    expect(trust.doubts()[0]?.detail).toContain("no canary call in the last ten minutes");
    expect(feed(trust, 72, 73, (at) => minute(at, {})).at(-1)).toEqual([]);
  });
});

test("that the baseline stopped is told once, and is over when it comes back", () => {
  const trust = createTrust(migration([]));
  feed(trust, 0, 60, (at) => minute(at, {}));
  const silent = feed(trust, 60, 90, (at) => minute(at, {}, { canary: 20, baseline: 0 }));
  expect(silent.at(-1)).toEqual(["no-baseline"]);
  expect(feed(trust, 90, 91, (at) => minute(at, {})).at(-1)).toEqual([]);
});

describe("after a rollback, when the canary is to be silent", () => {
  const rolledBack = { share: 0 };
  const none = { canary: 0, baseline: 400 };

  test("no canary call is what was to be expected; no baseline call is not", () => {
    const trust = createTrust(migration([]));
    feed(trust, 0, 60, (at) => minute(at, {}));
    expect(feed(trust, 60, 100, (at) => minute(at, {}, none, rolledBack)).flat()).toEqual([]);
    const silent = { canary: 0, baseline: 0 };
    expect(feed(trust, 100, 115, (at) => minute(at, {}, silent, rolledBack)).at(-1)).toEqual(["ingest-lag"]);
    expect(trust.doubts()[0]?.detail).toMatch(/^no baseline call/);
  });

  test("a share that was off is no matter any more, and comes back with the share", () => {
    const trust = createTrust(migration([]));
    const assigned = { canary: 0, baseline: 10_000, identified: 10_000 };
    trust.step(minute(0, { assigned }), true);
    expect(trust.doubts()).toHaveLength(1);
    trust.step(minute(1, { assigned }, none, rolledBack), false);
    expect(trust.doubts()).toEqual([]);
    trust.step(minute(2, { assigned }), false);
    expect(trust.doubts()).toHaveLength(1);
  });

  test("calls that are late, lost or of a wrong clock are told all the same; evaluations are compared no more", () => {
    const trust = createTrust(migration([]));
    const before = (at: number) => minute(at, { evaluations: { canary: 40, baseline: 380 } });
    feed(trust, 0, 60, before);
    expect(trust.doubts().map(({ reason }) => reason)).toEqual(["incomplete-spans"]);
    const late = { arrivals: { baseline: { calls: 400, late: 400 } } };
    const after = feed(trust, 60, 75, (at) => minute(at, { ...late, evaluations: none }, none, rolledBack));
    expect(after.at(-1)).toEqual(["ingest-lag"]);
  });
});

describe("the share that was really served", () => {
  const counts = (canary: number, n: number, identified = n): Intake => ({
    assigned: { canary, baseline: n - canary, identified },
  });
  const detector = (intake: Intake, share = 0.05): readonly DoubtReason[] => {
    const trust = createTrust(migration([]));
    trust.step(minute(0, intake, CALLS, { share }), true);
    return trust.doubts().map(({ reason }) => reason);
  };

  test.each([
    ["as configured", counts(500, 10_000), 0.05, false],
    ["8% more than configured, however many", counts(54_000, 1_000_000), 0.05, false],
    ["twice the configured one", counts(200, 2_000), 0.05, true],
    ["half of the configured one", counts(250, 10_000), 0.05, true],
    ["twice the configured one, of few users", counts(10, 100), 0.05, false],
    ["a third more, where only calls are known", counts(670, 10_000, 0), 0.05, false],
    ["twice, where only calls are known", counts(1_000, 10_000, 0), 0.05, true],
    ["none at all of half", counts(0, 200), 0.5, true],
    ["of a stage that gives the candidate nothing", counts(100, 1_000), 0, false],
  ])("%s", (_name, intake, share, doubted) => {
    expect(detector(intake, share)).toEqual(doubted ? ["sample-ratio-mismatch"] : []);
  });

  test("a doubt stands between two looks and ends with its stage", () => {
    const trust = createTrust(migration([]));
    trust.step(minute(0, counts(1_000, 10_000)), true);
    trust.step(minute(1, {}), false);
    expect(trust.doubts()[0]).toMatchObject({
      since: 60_000,
      detail: "1000 of 10000 users or conversations of this stage got the candidate: 10%, where 5% are configured",
    });
    trust.step(minute(2, {}, CALLS, { stage: 1 }), true);
    expect(trust.doubts()).toEqual([]);
  });
});

describe("calls that never arrived", () => {
  const lossy = (lost: number) => (at: number) => minute(at, { losses: [{ service: "api", lost, calls: 400 }] });

  test.each([
    ["no loss", 0, false],
    ["one in a hundred", 4, false],
    ["one in twenty", 20, true],
  ])("%s", (_name, lost, doubted) => {
    const trust = createTrust(migration([]));
    feed(trust, 0, 30, lossy(lost));
    expect(trust.doubts().some(({ reason }) => reason === "incomplete-spans")).toBe(doubted);
  });

  test("an outage of minutes is outweighed by the hours after it, and what comes in late is taken back", () => {
    const trust = createTrust(migration([]));
    feed(trust, 0, 5, lossy(200));
    expect(trust.doubts()).toHaveLength(1);
    expect(feed(trust, 5, 140, lossy(0)).at(-1)).toEqual([]);
    const other = createTrust(migration([]));
    feed(other, 0, 5, lossy(200));
    expect(feed(other, 5, 6, lossy(-1000)).at(-1)).toEqual([]);
  });

  const evaluated =
    (canary: number, baseline: number, calls = CALLS) =>
    (at: number) =>
      minute(at, { evaluations: { canary, baseline } }, calls);

  test.each([
    ["one call per evaluation in both arms", evaluated(20, 380), false],
    ["a tenth of the canary's calls missing", evaluated(22, 380), false],
    ["half of the canary's calls missing", evaluated(40, 380), true],
    ["half of the baseline's calls missing", evaluated(20, 760), true],
    ["an agent that makes many calls per evaluation, and fewer with the candidate", evaluated(10, 100), false],
    ["no evaluation is told about", evaluated(0, 0), false],
  ])("%s", (_name, of, doubted) => {
    const trust = createTrust(migration([]));
    feed(trust, 0, 180, of);
    expect(trust.doubts().some(({ reason }) => reason === "incomplete-spans")).toBe(doubted);
  });

  test("evaluations of the time right after a ramp are not held against it", () => {
    const trust = createTrust(migration([]));
    feed(trust, 0, 9, evaluated(400, 380));
    expect(trust.doubts()).toEqual([]);
  });
});

describe("who answers", () => {
  const changes = (trust: Trust, from: number, to: number, of: (at: number) => Tick): readonly (readonly Arm[])[] =>
    Array.from({ length: to - from }, (_, i) => {
      trust.step(of(from + i), false);
      return trust.changed();
    }).filter((arms) => arms.length > 0);

  test("a new build that takes over restarts its arm once, and the doubt stands for 200 calls", () => {
    const trust = createTrust(migration([]));
    expect(changes(trust, 0, 60, (at) => minute(at, served({ "m-1": 20 })))).toEqual([]);
    expect(changes(trust, 60, 68, (at) => minute(at, served({ "m-2": 20 })))).toEqual([["canary"]]);
    expect(trust.doubts()[0]).toMatchObject({
      reason: "response-model-changed",
      detail: "response model of the canary was m-1, is m-2",
    });
    expect(changes(trust, 68, 200, (at) => minute(at, served({ "m-2": 20 })))).toEqual([]);
    expect(trust.doubts()).toEqual([]);
  });

  test("a build that is rolled out little by little is noticed when it has the majority", () => {
    const trust = createTrust(migration([]));
    const rollout = (at: number): Tick => {
      const after = Math.min(20, Math.floor(at / 20));
      return minute(at, served({ "m-1": 20 - after, "m-2": after }));
    };
    expect(changes(trust, 0, 500, rollout)).toEqual([["canary"]]);
  });

  test("a change of the baseline's build restarts the baseline", () => {
    const trust = createTrust(migration([]));
    const baseline = (name: string) => (at: number) => minute(at, served({ "m-1": 20 }, { [name]: 380 }));
    changes(trust, 0, 30, baseline("b-1"));
    expect(changes(trust, 30, 60, baseline("b-2"))).toEqual([["baseline"]]);
  });

  const quiet: readonly (readonly [string, (at: number) => Record<string, number>])[] = [
    ["a stray answer of another name", (at) => (at % 50 === 7 ? { "m-1": 19, other: 1 } : { "m-1": 20 })],
    ["two names in turn, minute by minute", (at) => (at % 2 === 0 ? { "m-1": 20 } : { alias: 20 })],
    ["three fingerprints side by side", () => ({ a: 7, b: 7, c: 6 })],
    ["a fingerprint per call", (at) => Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${at}-${i}`, 1]))],
    ["no name at all", () => ({})],
    ["names every object inherits", () => ({ constructor: 10, toString: 10 })],
  ];
  test.each(quiet)("%s changes nothing in a day", (_name, counts) => {
    expect(changes(createTrust(migration([])), 0, 1440, (at) => minute(at, served(counts(at))))).toEqual([]);
  });

  test("names that take turns hour by hour are news once each, not for ever", () => {
    const hourly = (at: number): Tick => minute(at, served({ [`m-${Math.floor(at / 60) % 3}`]: 20 }));
    expect(changes(createTrust(migration([])), 0, 14 * 1440, hourly)).toHaveLength(2);
  });

  test("a fingerprint that is new every hour is rotation, not news", () => {
    const rotating = (at: number): Tick =>
      minute(at, { served: { canary: { fingerprint: { [`fp-${Math.floor(at / 60)}`]: 20 } } } });
    expect(changes(createTrust(migration([])), 0, 14 * 1440, rotating).length).toBeLessThanOrEqual(3);
  });
});

describe("the agent's clock", () => {
  test.each([
    [600_000, "the clock of the agent's machine was set 10 min ahead of the time that passed"],
    [-86_400_000, "the clock of the agent's machine was set 24.0 h behind the time that passed"],
  ])("that was set by %i ms is doubted as long as the ticks say so", (clockStepMs, detail) => {
    const trust = createTrust(migration([]));
    feed(trust, 0, 5, (at) => minute(at, {}));
    feed(trust, 5, 15, (at) => minute(at, { clockStepMs }));
    expect(trust.doubts()).toEqual([{ reason: "clock-stepped", detail, since: 6 * 60_000 }]);
    feed(trust, 15, 16, (at) => minute(at, {}));
    expect(trust.doubts()).toEqual([]);
  });
});

describe("senders' clocks", () => {
  test.each([
    [0, false],
    [1, false],
    [4, true],
  ])("%i of 20 canary calls a minute were moved: doubted is %s", (calls, doubted) => {
    const trust = createTrust(migration([]));
    feed(trust, 0, 10, (at) => minute(at, { moved: { canary: { calls, skewMs: calls * 90_000 } } }));
    expect(trust.doubts().length > 0).toBe(doubted);
  });

  test("are doubted with how many and how far, until ten minutes after the last of them", () => {
    const trust = createTrust(migration([]));
    feed(trust, 0, 10, (at) => minute(at, { moved: { canary: { calls: 10, skewMs: -10 * 900_000 } } }));
    expect(trust.doubts()).toMatchObject([
      {
        reason: "sender-clocks",
        detail:
          "100 of 200 canary calls of the last ten minutes (50%) come from machines whose clocks are 15 min behind on average",
      },
    ]);
    const after = feed(trust, 10, 22, (at) => minute(at, {}));
    expect(after.map((reasons) => reasons.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
  });
});
