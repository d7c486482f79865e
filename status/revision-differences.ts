import { raisesNothing } from "../core/audience.ts";
import type { DocumentChange } from "../core/document-change.ts";
import { lengthText } from "../core/length-text.ts";
import type { Migration, ModelConfiguration, Rule, Stage } from "../core/migration.ts";
import { isSameContent } from "../core/same-content.ts";
import { DEFAULT_SHADOW, isLooserShadow, shadowText } from "../core/shadow.ts";
import { whyText } from "../core/why.ts";
import { closedText } from "../lifecycle/calendar.ts";
import { exposureOfStage, stageText } from "../lifecycle/stages.ts";
import { describeRule } from "./describe-rule.ts";

type Effect = DocumentChange["effect"];

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

const ruleDifferences = (before: readonly Rule[], after: readonly Rule[]): readonly DocumentChange[] => [
  ...before.flatMap((rule): readonly DocumentChange[] => {
    const now = after.find(({ id }) => id === rule.id);
    if (now === undefined) return [{ effect: "looser", text: `rule ${rule.id} is gone: ${ruleText(rule)}` }];
    if (isSameContent(content(rule), content(now))) return [];
    return [{ effect: ruleEffect(rule, now), text: `rule ${rule.id}: ${ruleText(now)} instead of ${ruleText(rule)}` }];
  }),
  ...after
    .filter(({ id }) => !before.some((rule) => rule.id === id))
    .map((rule): DocumentChange => ({ effect: "tighter", text: `rule ${rule.id} is new: ${ruleText(rule)}` })),
];

const stageLine = (stage: Stage): string => {
  const { approval, minCalls, gate } = stage;
  const calls = minCalls === undefined ? "" : `, ${minCalls} calls at least`;
  const rules = gate === undefined ? "" : `, gate ${gate.join(" and ") || "of no rule"}`;
  return `${stageText(stage)} for ${lengthText(stage.forMs)}${approval ? " with approval" : ""}${calls}${rules}`;
};

const planText = (stages: readonly Stage[]): string => stages.map(stageLine).join(", ");

/** True where a rule that the stage waited for, and that is still one, is waited for no more. */
const dropsRule = (was: Stage, stage: Stage, before: Migration, after: Migration): boolean => {
  const waited = was.gate ?? before.rules.map(({ id }) => id);
  return waited.some((id) => after.rules.some((rule) => rule.id === id) && stage.gate?.includes(id) === false);
};

/** A plan is looser where it goes faster, higher, on less or with fewer approvals than before at any stage. */
const planEffect = (before: Migration, after: Migration): Effect => {
  const isLooser = (stage: Stage, i: number): boolean => {
    const was = before.stages[i];
    const isHigher = !raisesNothing(exposureOfStage(was ?? before.stages.at(-1) ?? stage), exposureOfStage(stage));
    if (was === undefined) return isHigher;
    const isSooner = stage.forMs < was.forMs || (stage.minCalls ?? 0) < (was.minCalls ?? 0);
    const isFreer = (was.approval && !stage.approval) || dropsRule(was, stage, before, after);
    return isHigher || isSooner || isFreer;
  };
  if (after.stages.some(isLooser)) return "looser";
  return after.stages.length === before.stages.length ? "tighter" : "other";
};

const stageDifferences = (before: Migration, after: Migration): readonly DocumentChange[] =>
  isSameContent(before.stages, after.stages)
    ? []
    : [
        {
          effect: planEffect(before, after),
          text: `stages: ${planText(after.stages)} instead of ${planText(before.stages)}`,
        },
      ];

const modelText = ({ model, provider, prompt }: ModelConfiguration): string =>
  [model, provider, prompt === null ? null : `prompt ${prompt.name} ${prompt.version}`]
    .filter((part) => part !== null)
    .join(", ");

const people = (names: readonly string[]): string => names.join(", ") || "anybody";

const closedTimes = ({ not = [] }: Migration): readonly string[] => not.map(closedText);

const skips = ({ preflightSkips = [] }: Migration): readonly string[] => preflightSkips;

/** Looser where one of `guards` is gone, tighter where one is new and none is gone. */
const guardEffect =
  (guards: (migration: Migration) => readonly string[]) =>
  (before: Migration, after: Migration): Effect =>
    guards(before).every((each) => guards(after).includes(each)) ? "tighter" : "looser";

/** One part of a document: what it says in words, and what a change of it means where that is known. */
interface Part {
  readonly text: (migration: Migration) => string;
  readonly effect?: (before: Migration, after: Migration) => Effect;
}

/** What is told apart by itself above, or stands in another's words. */
type ToldElsewhere = "name" | "hash" | "earlierHashes" | "rules" | "stages" | "segmentOptions" | "preflightSkips";

/** What else a document says: a key that a document gets does not compile before it has its place here. */
const OTHERS: Readonly<Record<Exclude<keyof Migration, ToldElsewhere> | "preflight", Part>> = {
  baseline: { text: ({ baseline }) => modelText(baseline) },
  candidate: { text: ({ candidate }) => modelText(candidate) },
  match: { text: ({ match }) => `service ${match.service ?? "any"}, operation ${match.operation ?? "any"}` },
  route: {
    text: ({ route }) =>
      [route, ...(route.fallback ?? [])].map(({ flag, target }) => `${flag} on ${target}`).join(", then "),
  },
  segments: {
    text: ({ segments, segmentOptions }) =>
      `${segments.join(", ") || "none"}${segmentOptions === undefined ? "" : ` ${JSON.stringify(segmentOptions)}`}`,
  },
  fourEyes: {
    text: ({ fourEyes = false }) => (fourEyes ? "true" : "false"),
    effect: (_before, { fourEyes = false }) => (fourEyes ? "tighter" : "looser"),
  },
  shadow: {
    text: ({ shadow = DEFAULT_SHADOW }) => shadowText(shadow),
    effect: (before, after) =>
      isLooserShadow(before.shadow ?? DEFAULT_SHADOW, after.shadow ?? DEFAULT_SHADOW) ? "looser" : "tighter",
  },
  not: {
    text: (migration) => closedTimes(migration).join(", ") || "no time in which it waits",
    effect: guardEffect(closedTimes),
  },
  preflight: {
    text: (migration) => `skips ${skips(migration).join(", ") || "no check"}`,
    // What is skipped guards nothing: the other way round.
    effect: (before, after) => guardEffect(skips)(after, before),
  },
  approvers: { text: ({ approvers }) => people(approvers) },
  owner: { text: ({ owner }) => owner },
  environment: { text: ({ environment = "none" }) => environment },
  runbook: { text: ({ runbook = "none" }) => runbook },
  why: { text: ({ why }) => (why === undefined ? "not said" : whyText(why)) },
};

const otherDifferences = (before: Migration, after: Migration): readonly DocumentChange[] =>
  Object.entries(OTHERS).flatMap(([what, { text, effect }]) =>
    text(before) === text(after)
      ? []
      : [{ effect: effect?.(before, after) ?? "other", text: `${what}: ${text(after)} instead of ${text(before)}` }],
  );

/** Every way in which the document `after` differs from `before`, limits first: which got looser, which tighter, what else. Pure. */
export const revisionDifferences = (before: Migration, after: Migration): readonly DocumentChange[] => [
  ...ruleDifferences(before.rules, after.rules),
  ...stageDifferences(before, after),
  ...otherDifferences(before, after),
];
