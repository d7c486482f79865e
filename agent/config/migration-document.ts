import { z } from "zod";
import { evaluationProblem, isEvaluationSignal } from "../../core/evaluation-signal.ts";
import {
  isSameRoute,
  type Migration,
  type MigrationRoute,
  type ModelConfiguration,
  type Route,
  type Rule,
} from "../../core/migration.ts";
import { isCatalogueSignal, SIGNAL_NAMES } from "../../core/signals.ts";
import { PREFLIGHT_CHECKS } from "../../lifecycle/preflight.ts";
import { readCalendar } from "./calendar-schema.ts";
import { documentHashes } from "./document-hash.ts";
import { type Problem, parseWith, unknownName } from "./problem.ts";
import { earlierPlaybook, PLAYBOOK, readRule, writtenRule } from "./rule-schema.ts";
import { readSegments, writtenSegments } from "./segment-schema.ts";
import { readShadow, writtenShadow } from "./shadow-schema.ts";
import { readStages, writtenStage } from "./stage-schema.ts";
import { webAddress } from "./units.ts";
import { readWhy, writtenWhy } from "./why-schema.ts";

const model = z.strictObject({
  model: z.string().min(1),
  provider: z.string().min(1).nullable().default(null),
  prompt: z
    .strictObject({ name: z.string().min(1), version: z.string().min(1) })
    .nullable()
    .default(null),
});

/** More levers than these are no plan. */
const MAX_FALLBACKS = 5;

/** The flag target, where its flag is called as the route's own; else both. */
const fallback = z.union([
  z.string().min(1),
  z.strictObject({ target: z.string().min(1), flag: z.string().min(1).nullable().default(null) }),
]);

const document = z.strictObject({
  migration: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, "expected a name of lower-case letters, digits, . _ -"),
  owner: z.string().min(1),
  approvers: z.array(z.string().min(1)).default([]),
  fourEyes: z.boolean().default(false),
  environment: z.string().min(1).max(200).nullable().default(null),
  runbook: webAddress.nullable().default(null),
  why: writtenWhy.nullable().default(null),
  baseline: model,
  candidate: model,
  match: z
    .strictObject({
      service: z.string().min(1).nullable().default(null),
      operation: z.string().min(1).nullable().default(null),
    })
    .prefault({}),
  route: z.strictObject({
    flag: z.string().min(1),
    target: z.string().min(1),
    fallback: z.array(fallback).max(MAX_FALLBACKS).default([]),
  }),
  segments: writtenSegments,
  stages: z.array(writtenStage).min(1),
  shadow: writtenShadow.nullable().default(null),
  not: z.array(z.string().min(1)).default([]),
  rules: z.union([z.literal("playbook"), z.array(writtenRule).min(1)]),
  projections: z.record(z.string(), z.number().positive()).default({}),
  preflight: z.strictObject({ skip: z.array(z.enum(PREFLIGHT_CHECKS)).default([]) }).prefault({}),
});

type Document = z.infer<typeof document>;

/** The validated document, or everything that is wrong with it. */
export type MigrationRead = { readonly migration: Migration } | { readonly problems: readonly Problem[] };

const readRules = (
  written: Document,
  segments: readonly string[],
  file: string,
): { readonly rules: readonly Rule[]; readonly problems: readonly Problem[] } => {
  const isPlaybook = written.rules === "playbook";
  const source = written.rules === "playbook" ? PLAYBOOK : written.rules;
  const rules: Rule[] = [];
  const problems: Problem[] = [];
  source.forEach((each, i) => {
    const rule = readRule(each, written.projections);
    const path = isPlaybook ? "rules" : `rules[${i}]`;
    if (!("id" in rule)) {
      const text = isPlaybook ? `playbook: ${each.signal}.${rule.key}: ${rule.text}` : rule.text;
      problems.push({ file, path: isPlaybook ? path : `${path}.${rule.key}`, text });
    } else if (rules.some((other) => other.id === rule.id)) {
      problems.push({ file, path, text: `a second rule ${rule.id}; expected one limit per signal` });
    } else if (rule.by !== null && !segments.includes(rule.by)) {
      const text = isPlaybook
        ? `playbook: ${rule.id} needs segments to name ${rule.by}; expected segments: [${rule.by}]`
        : unknownName("segment", rule.by, segments);
      problems.push({ file, path: isPlaybook ? "segments" : `${path}.by`, text });
    } else rules.push(rule);
  });
  return { rules, problems };
};

const projectionProblem = (name: string): string | null => {
  if (isEvaluationSignal(name)) return evaluationProblem(name);
  return isCatalogueSignal(name) ? null : unknownName("signal", name, [...SIGNAL_NAMES, "evaluation.<name>"]);
};

const projectionProblems = (projections: Document["projections"], file: string): readonly Problem[] =>
  Object.keys(projections).flatMap((name) => {
    const text = projectionProblem(name);
    return text === null ? [] : [{ file, path: `projections.${name.slice(0, 100)}`, text }];
  });

const routeOf = ({ flag, target, fallback }: Document["route"]): MigrationRoute => {
  const others = fallback.map(
    (each): Route =>
      typeof each === "string" ? { flag, target: each } : { flag: each.flag ?? flag, target: each.target },
  );
  return { flag, target, ...(others.length === 0 ? {} : { fallback: others }) };
};

const routeProblems = (route: MigrationRoute, targets: readonly string[], file: string): readonly Problem[] =>
  [route, ...(route.fallback ?? [])].flatMap((each, i, all): readonly Problem[] => {
    const path = i === 0 ? "route.target" : `route.fallback[${i - 1}]`;
    if (!targets.includes(each.target)) return [{ file, path, text: unknownName("flag target", each.target, targets) }];
    const twin = all.findIndex((other) => isSameRoute(other, each));
    if (twin === i) return [];
    const what = twin === 0 ? "the route's own flag" : "a fallback before it";
    return [{ file, path, text: `${each.flag} on ${each.target} is ${what}; expected another flag system or flag` }];
  });

/** One approver could never be another one. */
const peopleProblems = ({ approvers, fourEyes }: Document, file: string): readonly Problem[] => {
  const count = new Set(approvers).size;
  if (!fourEyes || count >= 2) return [];
  const text = `${count} while fourEyes is true; expected at least two different approvers, as their tokens are named`;
  return [{ file, path: "approvers", text }];
};

const sameConfiguration = (a: ModelConfiguration, b: ModelConfiguration): boolean =>
  a.model === b.model &&
  a.provider === b.provider &&
  a.prompt?.name === b.prompt?.name &&
  a.prompt?.version === b.prompt?.version;

/**
 * Validates a migration document. `targets` are the flag systems of leeway.yaml. Limits become numbers, the playbook
 * its rules; the hash covers what decides, so that a changed threshold is a changed document.
 */
export const readMigration = (input: unknown, file: string, targets: readonly string[]): MigrationRead => {
  const parsed = parseWith<Document>(document as z.ZodType<Document>, input, file);
  if ("problems" in parsed) return parsed;
  const { value } = parsed;
  const { segments, problems: segmentProblems } = readSegments(value.segments, file);
  const { rules, problems: ruleProblems } = readRules(value, segments.segments, file);
  const { stages, problems: stageProblems } = readStages(value.stages, rules, segments, file);
  const { shadow, problems: shadowProblems } = readShadow(value.shadow, segments, value, file);
  const { closed, problems: calendarProblems } = readCalendar(value.not, file);
  const problems: Problem[] = [
    ...peopleProblems(value, file),
    ...stageProblems,
    ...shadowProblems,
    ...calendarProblems,
    ...segmentProblems,
    ...projectionProblems(value.projections, file),
    ...ruleProblems,
  ];
  const route = routeOf(value.route);
  problems.push(...routeProblems(route, targets, file));
  if (sameConfiguration(value.baseline, value.candidate)) {
    problems.push({
      file,
      path: "candidate",
      text: "the same model, provider and prompt as the baseline; expected a difference",
    });
  }
  if (problems.length > 0) return { problems };
  const { migration: name, owner, approvers, fourEyes, environment, runbook, why, baseline, candidate, match } = value;
  const place = { ...(environment === null ? {} : { environment }), ...(runbook === null ? {} : { runbook }) };
  const people = {
    owner,
    approvers,
    ...(fourEyes ? { fourEyes } : {}),
    ...place,
    ...(why === null ? {} : { why: readWhy(why) }),
  };
  const not = closed.length === 0 ? {} : { not: closed };
  const skipped = [...new Set(value.preflight.skip)].sort();
  const skips = skipped.length === 0 ? {} : { preflightSkips: skipped };
  const migration = {
    name,
    ...people,
    baseline,
    candidate,
    match,
    route,
    ...segments,
    stages,
    ...(shadow === undefined ? {} : { shadow }),
    ...not,
    rules,
    ...skips,
  };
  // Whoever wrote `playbook` asked for the standard limits: a migration under way goes on, with those of this version.
  const earlier = value.rules === "playbook" ? [{ ...migration, rules: earlierPlaybook(rules) }] : [];
  return { migration: { ...migration, ...documentHashes(migration, earlier) } };
};
