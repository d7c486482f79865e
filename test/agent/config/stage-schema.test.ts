import { describe, expect, it } from "vitest";
import { shareOfStage } from "../../../lifecycle/stages.ts";
import { documentText, migrationOf, problemsOf } from "./documents.ts";

const HOUR = 3_600_000;
const staged = (stages: string): string => documentText({ stages: `stages: [${stages}]` });
const CANARY = "{ canary: 5%, for: 4h }";

describe("the stages of a migration document", () => {
  it("are of every kind of a life, in the order in which it is lived", () => {
    const { stages } = migrationOf(
      staged(
        `{ baseline: 1h }, { shadow: 100%, for: 7d }, { canary: 5%, for: 4h, approval: true }, { canary: 99%, for: 4h }, { observe: 14d, holdback: 1% }`,
      ),
    );
    expect(stages).toEqual([
      { kind: "baseline", forMs: HOUR, approval: false },
      { kind: "shadow", mirrored: 1, forMs: 7 * 24 * HOUR, approval: false },
      { kind: "canary", share: 0.05, forMs: 4 * HOUR, approval: true },
      { kind: "canary", share: 0.99, forMs: 4 * HOUR, approval: false },
      { kind: "observe", holdback: 0.01, forMs: 14 * 24 * HOUR, approval: false },
    ]);
    expect(stages.map(shareOfStage)).toEqual([0, 0, 0.05, 0.99, 0.99]);
  });

  it.each<[string, string, string]>([
    ["no kind", "{ for: 4h }", "stages[0]: no kind of stage; expected one of canary: 5%, baseline: 1h, shadow: 100%"],
    ["nothing at all", "{}", "stages[0]: no kind of stage; expected one of"],
    ["two kinds", "{ canary: 5%, observe: 14d, for: 1h }", "stages[0].observe: beside canary; expected one of"],
    ["no time", "{ canary: 5% }", "stages[0].for: missing; expected a duration such as 4h"],
    [
      "a second time",
      `{ baseline: 1h, for: 2h }, ${CANARY}`,
      "stages[0].for: says nothing in a stage of the kind baseline",
    ],
    [
      "a holdback of a canary stage",
      "{ canary: 5%, for: 1h, holdback: 1% }",
      "stages[0].holdback: says nothing in a stage",
    ],
    [
      "an observation without a holdback",
      `${CANARY}, { observe: 14d }`,
      "stages[1].holdback: missing; expected a percentage",
    ],
    [
      "a holdback of nobody",
      `${CANARY}, { observe: 14d, holdback: 0% }`,
      "stages[1].holdback: 0% leaves nothing to compare",
    ],
    ["an empty share", "{ canary: , for: 1h }", "stages[0].canary: null; expected a percentage"],
    ["a shadow of nothing", `{ shadow: 0%, for: 7d }, ${CANARY}`, "stages[0].shadow: 0%; expected more than 0%"],
    ["a share for a time", `{ baseline: 5% }, ${CANARY}`, 'stages[0].baseline: "5%"; expected a duration'],
    [
      "a baseline after the canary",
      `${CANARY}, { baseline: 1h }`,
      "stages[1].baseline: the candidate answers nobody in it",
    ],
    [
      "a shadow after the canary",
      `${CANARY}, { shadow: 9%, for: 1h }`,
      "stages[1].shadow: the candidate answers nobody",
    ],
    [
      "two baselines",
      `{ baseline: 1h }, { baseline: 1h }, ${CANARY}`,
      "stages[1].baseline: a second one; expected one",
    ],
    ["an observation first", "{ observe: 14d, holdback: 1% }", "stages[0].observe: comes before any canary stage"],
    [
      "an observation at less than the canary",
      "{ canary: 50%, for: 1h }, { observe: 14d, holdback: 60% }",
      "stages[1].observe: a holdback of 60% gives the candidate less than the stage before it; expected a holdback of at most 50%",
    ],
    [
      "something after the observation",
      `${CANARY}, { observe: 14d, holdback: 5% }, { canary: 99%, for: 1h }`,
      "stages[2].canary: after the observation; expected that to be the last stage",
    ],
    ["no canary", "{ baseline: 1h }", "stages: the candidate answers nobody in any of them; expected a canary stage"],
    ["a key that is near", "{ canary: 5%, for: 1h, aproval: true }", 'did you mean "approval"?'],
  ])("refuse %s", (_what, stages, problem) => {
    expect(problemsOf(staged(stages))).toEqual([
      expect.stringContaining(`m.yaml: ${problem.startsWith("did") ? "" : problem}`),
    ]);
  });

  it("that rise from a shadow's share need not pass it: it serves nobody", () => {
    expect(problemsOf(staged(`{ shadow: 100%, for: 7d }, ${CANARY}`))).toEqual([]);
  });

  it("change the hash by what they do, and not by what they do not say", () => {
    const hashOf = (stages: string): string => migrationOf(staged(stages)).hash;
    const hashes = [
      CANARY,
      `{ baseline: 1h }, ${CANARY}`,
      `{ baseline: 2h }, ${CANARY}`,
      `{ shadow: 100%, for: 1h }, ${CANARY}`,
      `${CANARY}, { observe: 14d, holdback: 1% }`,
      `${CANARY}, { observe: 14d, holdback: 2% }`,
    ].map(hashOf);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashOf(`{ baseline: 60m, approval: false }, ${CANARY}`)).toBe(hashes[1]);
  });
});

const TWO_RULES = `rules:
  - { signal: error, limit: 5%, unit: absolute, severity: rollback }
  - { signal: latency_ms, quantile: 99, limit: 40%, unit: relative, direction: increase, severity: pause }
  - { signal: latency_ms, quantile: 50, limit: 40%, unit: relative, direction: increase, severity: pause }
  - { signal: support_tickets, limit: 15%, unit: relative, direction: increase, severity: pause }`;
const gated = (gate: string): string =>
  documentText({ stages: `stages: [{ canary: 5%, for: 4h, gate: ${gate} }]`, rules: TWO_RULES });

describe("the gate of a stage", () => {
  const ids = migrationOf(gated("all")).rules.map(({ id }) => id);
  it.each<[string, readonly string[] | undefined]>([
    ["all", undefined],
    ["[error]", ["error"]],
    ["[latency_ms]", ids.filter((id) => id.startsWith("latency_ms"))],
    ["{ except: [support_tickets] }", ids.filter((id) => !id.startsWith("support_tickets"))],
    [`[${ids.join(", ")}]`, undefined],
  ])("%s", (gate, expected) => expect(migrationOf(gated(gate)).stages[0]?.gate).toEqual(expected));

  it.each<[string, string]>([
    ["[eror]", 'stages[0].gate[0]: unknown rule "eror"; did you mean "error"?'],
    [
      "{ except: [error, suport_tickets] }",
      'stages[0].gate.except[1]: unknown rule "suport_tickets"; did you mean "support_tickets"?',
    ],
    ["{ except: [error, latency_ms, support_tickets] }", "stages[0].gate: leaves no rule; expected at least one"],
    ["[]", "stages[0].gate: empty; expected at least one entry"],
    ["{ only: [error] }", "stages[0].gate"],
    ["some", "stages[0].gate"],
  ])("%s is refused", (gate, problem) => {
    expect(problemsOf(gated(gate))[0]).toContain(problem);
  });

  it("is part of the hash where it leaves a rule out", () => {
    const hashes = ["all", "[error]", "{ except: [error] }"].map((gate) => migrationOf(gated(gate)).hash);
    expect(new Set(hashes).size).toBe(3);
    const without = documentText({ stages: "stages: [{ canary: 5%, for: 4h }]", rules: TWO_RULES });
    expect(migrationOf(without).hash).toBe(hashes[0]);
  });

  it.each([
    ["{ shadow: 100%, for: 1h, gate: [error] }", "stages[0].gate: says nothing in a shadow stage"],
    ["{ shadow: 100%, for: 1h, minCalls: 5 }", "stages[0].minCalls: says nothing in a shadow stage"],
    ["{ canary: 1%, for: 1h, minCalls: 0 }", "stages[0].minCalls: too small; expected more than 0"],
    ["{ canary: 1%, for: 1h, minCalls: 1.5 }", "stages[0].minCalls"],
  ])("%s is refused", (stage, problem) => {
    expect(problemsOf(staged(`${stage}, ${CANARY}`))[0]).toContain(problem);
  });
});

describe("the times in which nothing advances", () => {
  const closed = (not: string): string => documentText({}, `not: ${not}`);
  it("go by the one zone that is named, and change the hash", () => {
    const { not, hash } = migrationOf(closed('[weekend, "18:00-08:00 Europe/Berlin"]'));
    expect(not).toEqual([
      { days: [6, 0], zone: "Europe/Berlin" },
      { from: 1080, to: 480, zone: "Europe/Berlin" },
    ]);
    expect(hash).not.toBe(migrationOf(documentText()).hash);
    expect(migrationOf(closed("[]"))).toEqual(migrationOf(documentText()));
    expect(migrationOf(closed("[friday]")).not).toEqual([{ days: [5], zone: "UTC" }]);
  });

  it.each([
    ["[wekend]", 'not[0]: unknown time "wekend"; did you mean "weekend"?'],
    ['["25:00-08:00"]', 'not[0]: "25:00-08:00"; expected hours from 00:00 to 23:59'],
    ['["8-18"]', 'not[0]: "8-18"; expected weekend, a day such as friday'],
    ['["08:00-08:00"]', "expected two different times"],
    ['["18:00-08:00 Europe/Berlni"]', 'not[0]: unknown time zone "Europe/Berlni"; did you mean "Europe/Berlin"?'],
    [
      '[weekend, "18:00-08:00 Europe/Berlin", "12:00-13:00 UTC"]',
      'not[0]: "weekend" names no zone, and the others name 2',
    ],
    ['["00:00-12:00", "12:00-00:00"]', "not: leaves no minute of the week"],
    ["[weekend, monday, tuesday, wednesday, thursday, friday]", "not: leaves no minute of the week"],
    ["weekend", "not: is text; expected a list"],
  ])("%s is refused", (not, problem) => {
    expect(problemsOf(closed(not))[0]).toContain(problem);
  });
});
