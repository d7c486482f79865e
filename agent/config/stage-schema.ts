import { z } from "zod";
import { type Audience, audienceText, raisesNothing } from "../../core/audience.ts";
import { membersOf, unreachable } from "../../core/exhaustive.ts";
import type { CanaryStage, Migration, Rule, Stage } from "../../core/migration.ts";
import { exactPercent } from "../../core/percent.ts";
import { audienceOfStage, shareOfStage } from "../../lifecycle/stages.ts";
import { type Problem, unknownName } from "./problem.ts";
import { readStageSegment, type WrittenStageSegment, writtenStageSegment } from "./stage-segment.ts";
import { duration, percent } from "./units.ts";

/** One stage as it is written. Shares are 0-1, durations ms. */
export interface WrittenStage {
  readonly canary?: number | undefined;
  readonly baseline?: number | undefined;
  readonly shadow?: number | undefined;
  readonly observe?: number | undefined;
  readonly for?: number | undefined;
  readonly holdback?: number | undefined;
  readonly approval: boolean;
  readonly minCalls?: number | undefined;
  /** Whom a canary stage is for. */
  readonly segment?: WrittenStageSegment | undefined;
  /** Rules that have to be clear, by their ids or signals. */
  readonly gate?: "all" | readonly string[] | { readonly except: readonly string[] } | undefined;
}

/** Reads one stage, each key by itself: which of them belong together {@link readStages} says. */
export const writtenStage: z.ZodType<WrittenStage> = z.strictObject({
  canary: percent.optional(),
  baseline: duration.optional(),
  shadow: percent.optional(),
  observe: duration.optional(),
  for: duration.optional(),
  holdback: percent.optional(),
  approval: z.boolean().default(false),
  minCalls: z.int().positive().optional(),
  segment: writtenStageSegment.optional(),
  gate: z
    .union([
      z.literal("all"),
      z.array(z.string().min(1)).min(1),
      z.strictObject({ except: z.array(z.string().min(1)).min(1) }),
    ])
    .optional(),
});

type Kind = Stage["kind"];

/** A key that not every stage has. */
type OwnKey = "for" | "holdback";

/** What a kind of stage needs beside the key that names it, which is all of its own that it may have. */
const NEEDS: Readonly<Record<Kind, readonly OwnKey[]>> = {
  canary: ["for"],
  baseline: [],
  shadow: ["for"],
  observe: ["holdback"],
};

const KINDS = membersOf(NEEDS);

const EXAMPLES: Readonly<Record<Kind | OwnKey, string>> = {
  canary: "canary: 5%",
  baseline: "baseline: 1h",
  shadow: "shadow: 100%",
  observe: "observe: 14d",
  for: "a duration such as 4h",
  holdback: "a percentage such as 1%",
};

/** What the stages of a document can be for. */
export type DocumentSegments = Pick<Migration, "segments" | "segmentOptions">;

type ReadAudience = ReturnType<typeof readStageSegment> | null;

const isProblems = (audience: ReadAudience): audience is readonly StageProblem[] => Array.isArray(audience);

/** What a gate knows a rule by. */
type GateRule = Pick<Rule, "id" | "signal">;

/** Something wrong with a stage: the key it is about, "" for the stage itself. */
interface StageProblem {
  readonly key: string;
  readonly text: string;
}

const OWN_KEYS = membersOf<OwnKey>({ for: true, holdback: true });

const keyProblems = (written: WrittenStage, kind: Kind): readonly StageProblem[] =>
  OWN_KEYS.flatMap((key): readonly StageProblem[] => {
    const isThere = written[key] !== undefined;
    if (isThere === NEEDS[kind].includes(key)) return [];
    if (!isThere) return [{ key, text: `missing; expected ${EXAMPLES[key]}` }];
    const own = [kind, ...NEEDS[kind], "approval", "gate", "minCalls"].join(", ");
    return [{ key, text: `says nothing in a stage of the kind ${kind}; expected of ${own} only` }];
  });

/** A share that means nothing at its end. */
const shareProblems = ({ canary, shadow, holdback }: WrittenStage): readonly StageProblem[] => [
  ...(canary === 0 ? [{ key: "canary", text: "0%; expected more than 0%" }] : []),
  ...(shadow === 0 ? [{ key: "shadow", text: "0%; expected more than 0%" }] : []),
  ...(holdback === 0
    ? [{ key: "holdback", text: "0% leaves nothing to compare with; expected more than 0%, such as 1%" }]
    : []),
];

/** What only judged stages have says nothing where what is thrown away is measured elsewhere. */
const shadowProblems = (written: WrittenStage): readonly StageProblem[] =>
  (["gate", "minCalls"] as const).flatMap((key) =>
    written.shadow === undefined || written[key] === undefined
      ? []
      : [{ key, text: "says nothing in a shadow stage, which waits for what measures the shadow; expected none" }],
  );

const segmentProblems = (written: WrittenStage, audience: ReadAudience, kind: Kind): readonly StageProblem[] => {
  if (written.segment !== undefined && kind !== "canary")
    return [{ key: "segment", text: `says nothing in a stage of the kind ${kind}; expected in canary stages only` }];
  return isProblems(audience) ? audience : [];
};

const stageOf = (
  kind: Kind,
  written: WrittenStage,
  gate: readonly string[] | null,
  audience: Audience | null,
): Stage => {
  const { canary = 0, shadow = 0, holdback = 0, baseline = 0, observe = 0, for: forMs = 0 } = written;
  const { approval, minCalls } = written;
  const base = { approval, ...(gate === null ? {} : { gate }), ...(minCalls === undefined ? {} : { minCalls }) };
  switch (kind) {
    case "canary":
      return { kind, share: canary, ...(audience === null ? {} : { audience }), forMs, ...base };
    case "baseline":
      return { kind, forMs: baseline, ...base };
    case "shadow":
      return { kind, mirrored: shadow, forMs, ...base };
    case "observe":
      return { kind, holdback, forMs: observe, ...base };
    default:
      return unreachable(kind);
  }
};

const isNamed = ({ id, signal }: GateRule, name: string): boolean => id === name || signal === name;

/** Rules as a gate names them: each name a rule's id, or a signal for all rules about it. */
const gateProblems = (names: readonly string[], at: string, rules: readonly GateRule[]): readonly StageProblem[] =>
  names.flatMap((name, i) =>
    rules.some((rule) => isNamed(rule, name))
      ? []
      : [
          {
            key: `${at}[${i}]`,
            text: unknownName("rule", name, [...new Set(rules.flatMap((each) => [each.id, each.signal]))]),
          },
        ],
  );

/** Ids of the rules that have to be clear; null for all of them. */
const readGate = (
  gate: WrittenStage["gate"],
  rules: readonly GateRule[],
): readonly string[] | null | { readonly problems: readonly StageProblem[] } => {
  // Rules that are wrong themselves are told of by themselves.
  if (gate === undefined || gate === "all" || rules.length === 0) return null;
  const [names, at] = "except" in gate ? [gate.except, "gate.except"] : [gate, "gate"];
  const problems = gateProblems(names, at, rules);
  if (problems.length > 0) return { problems };
  const isIn = (rule: GateRule): boolean => names.some((name) => isNamed(rule, name)) !== "except" in gate;
  const ids = rules.filter(isIn).map(({ id }) => id);
  if (ids.length === 0)
    return { problems: [{ key: "gate", text: "leaves no rule; expected at least one that has to be clear" }] };
  return ids.length === rules.length ? null : ids;
};

const readStage = (
  written: WrittenStage,
  rules: readonly GateRule[],
  segments: DocumentSegments,
): Stage | readonly StageProblem[] => {
  const [kind, second] = KINDS.filter((each) => written[each] !== undefined);
  const expected = `expected one of ${KINDS.map((each) => EXAMPLES[each]).join(", ")}`;
  if (kind === undefined) return [{ key: "", text: `no kind of stage; ${expected}` }];
  if (second !== undefined) return [{ key: second, text: `beside ${kind}; ${expected}` }];
  const gate = readGate(written.gate, rules);
  const audience = written.segment === undefined ? null : readStageSegment(written.segment, segments);
  const problems = [
    ...keyProblems(written, kind),
    ...shareProblems(written),
    ...shadowProblems(written),
    ...segmentProblems(written, audience, kind),
    ...(gate !== null && "problems" in gate ? gate.problems : []),
  ];
  if (problems.length > 0 || (gate !== null && "problems" in gate) || isProblems(audience)) return problems;
  return stageOf(kind, written, gate, audience);
};

const TAKES_NOBODY = "the candidate answers nobody in it; expected before the first canary stage";

/** A canary stage has to give somebody more than each before it did. */
const canaryProblem = (stage: CanaryStage, before: readonly Stage[]): string => {
  const canaries = before.filter((each) => each.kind === "canary");
  if (stage.audience !== undefined && canaries.some(({ audience }) => audience === undefined))
    return `for ${audienceText(stage.audience)} after a stage for everybody; expected the stages with a segment first`;
  const atLeast = canaries.filter((each) => raisesNothing(each, stage));
  if (atLeast.length === 0) return "";
  const highest = Math.max(...atLeast.map(({ share }) => share));
  const whom = stage.audience === undefined ? "" : `, or another segment than ${audienceText(stage.audience)}`;
  return `not above the stage before it; expected more than ${exactPercent(highest)}${whom}`;
};

/** What is wrong with a stage after those before it; "" for nothing. */
const orderProblem = (stage: Stage, before: readonly Stage[]): string => {
  const highest = before
    .filter((each) => audienceOfStage(each) === null)
    .map(shareOfStage)
    .reduce((a, b) => Math.max(a, b), 0);
  const isAfterCanary = before.some(({ kind }) => kind === "canary");
  if (before.some(({ kind }) => kind === "observe")) return "after the observation; expected that to be the last stage";
  switch (stage.kind) {
    case "canary":
      return canaryProblem(stage, before);
    case "baseline":
      if (isAfterCanary) return TAKES_NOBODY;
      return before.some(({ kind }) => kind === "baseline") ? "a second one; expected one baseline stage" : "";
    case "shadow":
      return isAfterCanary ? TAKES_NOBODY : "";
    case "observe":
      if (!isAfterCanary) return "comes before any canary stage; expected one first";
      return shareOfStage(stage) >= highest
        ? ""
        : `a holdback of ${exactPercent(stage.holdback)} gives the candidate less than the stage before it; expected a holdback of at most ${exactPercent(1 - highest)}`;
    default:
      return unreachable(stage);
  }
};

/**
 * The stages of a document, or what is wrong with them. What may follow what: stages in which the candidate answers nobody
 * first, then canary stages that rise (those for a segment before those for everybody), then at most one observation.
 */
export const readStages = (
  all: readonly WrittenStage[],
  rules: readonly GateRule[],
  segments: DocumentSegments,
  file: string,
): { readonly stages: readonly Stage[]; readonly problems: readonly Problem[] } => {
  const stages: Stage[] = [];
  const problems: Problem[] = [];
  const report = (i: number, key: string, text: string): void => {
    problems.push({ file, path: `stages[${i}]${key === "" ? "" : `.${key}`}`, text });
  };
  all.forEach((written, i) => {
    const stage = readStage(written, rules, segments);
    if (!("kind" in stage)) {
      for (const { key, text } of stage) report(i, key, text);
      return;
    }
    const text = orderProblem(stage, stages);
    if (text !== "") report(i, stage.kind, text);
    stages.push(stage);
  });
  if (problems.length === 0 && !stages.some(({ kind }) => kind === "canary"))
    problems.push({
      file,
      path: "stages",
      text: "the candidate answers nobody in any of them; expected a canary stage",
    });
  return { stages, problems };
};
