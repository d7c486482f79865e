import { raisesNothing } from "../core/audience.ts";
import { lengthText } from "../core/length-text.ts";
import type { Migration, ModelConfiguration, Rule, Stage } from "../core/migration.ts";
import { whyText } from "../core/why.ts";
import { exposureOfStage, stageText } from "../lifecycle/stages.ts";
import { describeRule } from "./describe-rule.ts";

/** One thing in which a revision differs, and whether it lets more through. */
export interface RevisionDifference {
  readonly effect: "looser" | "tighter" | "other";
  /** One line. */
  readonly text: string;
}

type Effect = RevisionDifference["effect"];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** An absolute limit from below is looser the lower it is; every other limit the higher. */
const limitEffect = (before: Rule, after: Rule): Effect => {
  const [a, b] = [before.limit ?? 0, after.limit ?? 0];
  if (a === b) return "other";
  const isFloor = after.unit === "absolute" && after.direction === "drop";
  return b > a === isFloor ? "tighter" : "looser";
};

/** What each thing that changed in a rule means; one that is not known to let less through is never called tighter. */
const ruleEffect = (before: Rule, after: Rule): Effect => {
  const effects: Effect[] = [limitEffect(before, after)];
  const [from, to] = [before.orRelative ?? 0, after.orRelative ?? 0];
  if (from !== to) effects.push(to > from ? "looser" : "tighter");
  if (before.severity !== after.severity) effects.push(after.severity === "pause" ? "looser" : "tighter");
  if (before.direction !== after.direction) {
    effects.push(before.direction === "either" ? "looser" : after.direction === "either" ? "tighter" : "looser");
  }
  if (before.by !== after.by) effects.push(after.by === null ? "tighter" : "looser");
  if (before.projection !== after.projection || before.reference !== after.reference) effects.push("looser");
  if (effects.includes("looser")) return "looser";
  return effects.includes("tighter") ? "tighter" : "other";
};

const ruleText = (rule: Rule): string => `${describeRule(rule)} (${rule.severity})`;

const content = ({ id: _, ...rule }: Rule): unknown => rule;

const ruleDifferences = (before: readonly Rule[], after: readonly Rule[]): readonly RevisionDifference[] => [
  ...before.flatMap((rule): readonly RevisionDifference[] => {
    const now = after.find(({ id }) => id === rule.id);
    if (now === undefined) return [{ effect: "looser", text: `rule ${rule.id} is gone: ${ruleText(rule)}` }];
    if (same(content(rule), content(now))) return [];
    return [{ effect: ruleEffect(rule, now), text: `rule ${rule.id}: ${ruleText(now)} instead of ${ruleText(rule)}` }];
  }),
  ...after
    .filter(({ id }) => !before.some((rule) => rule.id === id))
    .map((rule): RevisionDifference => ({ effect: "tighter", text: `rule ${rule.id} is new: ${ruleText(rule)}` })),
];

const stageLine = (stage: Stage): string =>
  `${stageText(stage)} for ${lengthText(stage.forMs)}${stage.approval ? " with approval" : ""}`;

const planText = (stages: readonly Stage[]): string => stages.map(stageLine).join(", ");

/** A plan is looser where it goes faster, higher or with fewer approvals than before at any stage. */
const planEffect = (before: readonly Stage[], after: readonly Stage[]): Effect => {
  const isLooser = (stage: Stage, i: number): boolean => {
    const was = before[i];
    if (was === undefined) return !raisesNothing(exposureOfStage(before.at(-1) ?? stage), exposureOfStage(stage));
    return (
      !raisesNothing(exposureOfStage(was), exposureOfStage(stage)) ||
      stage.forMs < was.forMs ||
      (was.approval && !stage.approval)
    );
  };
  if (after.some(isLooser)) return "looser";
  return after.length === before.length ? "tighter" : "other";
};

const stageDifferences = (before: readonly Stage[], after: readonly Stage[]): readonly RevisionDifference[] =>
  same(before, after)
    ? []
    : [{ effect: planEffect(before, after), text: `stages: ${planText(after)} instead of ${planText(before)}` }];

const modelText = ({ model, provider, prompt }: ModelConfiguration): string =>
  [model, provider, prompt === null ? null : `prompt ${prompt.name} ${prompt.version}`]
    .filter((part) => part !== null)
    .join(", ");

const people = (names: readonly string[]): string => names.join(", ") || "anybody";

/** What else a document says, in words: all of it is written down once, so that a new key has its place here. */
const OTHERS: Readonly<Record<string, (migration: Migration) => string>> = {
  baseline: ({ baseline }) => modelText(baseline),
  candidate: ({ candidate }) => modelText(candidate),
  match: ({ match }) => `service ${match.service ?? "any"}, operation ${match.operation ?? "any"}`,
  route: ({ route }) =>
    [route, ...(route.fallback ?? [])].map(({ flag, target }) => `${flag} on ${target}`).join(", then "),
  segments: ({ segments, segmentOptions }) =>
    `${segments.join(", ") || "none"}${segmentOptions === undefined ? "" : ` ${JSON.stringify(segmentOptions)}`}`,
  approvers: ({ approvers }) => people(approvers),
  owner: ({ owner }) => owner,
  environment: ({ environment = "none" }) => environment,
  runbook: ({ runbook = "none" }) => runbook,
  why: ({ why }) => (why === undefined ? "not said" : whyText(why)),
};

const otherDifferences = (before: Migration, after: Migration): readonly RevisionDifference[] =>
  Object.entries(OTHERS).flatMap(([what, text]) =>
    text(before) === text(after)
      ? []
      : [{ effect: "other" as const, text: `${what}: ${text(after)} instead of ${text(before)}` }],
  );

/** Every way in which the document `after` differs from `before`, limits first: which got looser, which tighter, what else. Pure. */
export const revisionDifferences = (before: Migration, after: Migration): readonly RevisionDifference[] => [
  ...ruleDifferences(before.rules, after.rules),
  ...stageDifferences(before.stages, after.stages),
  ...otherDifferences(before, after),
];
