import { z } from "zod";
import { evaluationProblem, isEvaluationSignal } from "../../core/evaluation-signal.ts";
import type { CanaryStage, Migration, ModelConfiguration, Rule } from "../../core/migration.ts";
import { exactPercent } from "../../core/percent.ts";
import { isCatalogueSignal, SIGNAL_NAMES } from "../../core/signals.ts";
import { documentHashes } from "./document-hash.ts";
import { type Problem, parseWith, unknownName } from "./problem.ts";
import { PLAYBOOK, readRule, writtenRule } from "./rule-schema.ts";
import { duration, percent } from "./units.ts";

const model = z.strictObject({
  model: z.string().min(1),
  provider: z.string().min(1).nullable().default(null),
  prompt: z
    .strictObject({ name: z.string().min(1), version: z.string().min(1) })
    .nullable()
    .default(null),
});

const stage = z.strictObject({
  canary: percent.refine((share) => share > 0, "0%; expected more than 0%"),
  for: duration,
  approval: z.boolean().default(false),
});

const document = z.strictObject({
  migration: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, "expected a name of lower-case letters, digits, . _ -"),
  owner: z.string().min(1),
  approvers: z.array(z.string().min(1)).default([]),
  baseline: model,
  candidate: model,
  match: z
    .strictObject({
      service: z.string().min(1).nullable().default(null),
      operation: z.string().min(1).nullable().default(null),
    })
    .prefault({}),
  route: z.strictObject({ flag: z.string().min(1), target: z.string().min(1) }),
  segments: z
    .array(z.string().regex(/^[A-Za-z0-9_.-]+$/, "expected a name of letters, digits, . _ -"))
    .max(20)
    .default([]),
  stages: z.array(stage).min(1),
  rules: z.union([z.literal("playbook"), z.array(writtenRule).min(1)]),
  projections: z.record(z.string(), z.number().positive()).default({}),
});

type Document = z.infer<typeof document>;

/** The validated document, or everything that is wrong with it. */
export type MigrationRead = { readonly migration: Migration } | { readonly problems: readonly Problem[] };

const stageProblems = (stages: readonly CanaryStage[], file: string): readonly Problem[] =>
  stages.flatMap((each, i) => {
    const before = stages[i - 1];
    if (before === undefined || each.share > before.share) return [];
    return [
      {
        file,
        path: `stages[${i}].canary`,
        text: `not above the stage before it; expected more than ${exactPercent(before.share)}`,
      },
    ];
  });

const readRules = (
  written: Document,
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
    } else if (rule.by !== null && !written.segments.includes(rule.by)) {
      const text = isPlaybook
        ? `playbook: ${rule.id} needs segments to name ${rule.by}; expected segments: [${rule.by}]`
        : unknownName("segment", rule.by, written.segments);
      problems.push({ file, path: isPlaybook ? "segments" : `${path}.by`, text });
    } else rules.push(rule);
  });
  return { rules, problems };
};

const segmentProblems = (segments: readonly string[], file: string): readonly Problem[] =>
  segments.flatMap((name, i) =>
    segments.indexOf(name) === i
      ? []
      : [{ file, path: `segments[${i}]`, text: `${name} stands there twice; expected each segment once` }],
  );

const projectionProblem = (name: string): string | null => {
  if (isEvaluationSignal(name)) return evaluationProblem(name);
  return isCatalogueSignal(name) ? null : unknownName("signal", name, [...SIGNAL_NAMES, "evaluation.<name>"]);
};

const projectionProblems = (projections: Document["projections"], file: string): readonly Problem[] =>
  Object.keys(projections).flatMap((name) => {
    const text = projectionProblem(name);
    return text === null ? [] : [{ file, path: `projections.${name.slice(0, 100)}`, text }];
  });

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
  const stages = value.stages.map(
    (each): CanaryStage => ({ kind: "canary", share: each.canary, forMs: each.for, approval: each.approval }),
  );
  const { rules, problems: ruleProblems } = readRules(value, file);
  const problems: Problem[] = [
    ...stageProblems(stages, file),
    ...segmentProblems(value.segments, file),
    ...projectionProblems(value.projections, file),
    ...ruleProblems,
  ];
  if (!targets.includes(value.route.target)) {
    problems.push({ file, path: "route.target", text: unknownName("flag target", value.route.target, targets) });
  }
  if (sameConfiguration(value.baseline, value.candidate)) {
    problems.push({
      file,
      path: "candidate",
      text: "the same model, provider and prompt as the baseline; expected a difference",
    });
  }
  if (problems.length > 0) return { problems };
  const { migration: name, owner, approvers, baseline, candidate, match, route, segments } = value;
  const migration = { name, owner, approvers, baseline, candidate, match, route, segments, stages, rules };
  return { migration: { ...migration, ...documentHashes(migration) } };
};
