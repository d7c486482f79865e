import { createHash } from "node:crypto";
import {
  DEFAULT_SEGMENT_VALUES,
  type Migration,
  type ModelConfiguration,
  type Rule,
  type Stage,
} from "../../core/migration.ts";
import { DEFAULT_SHADOW } from "../../core/shadow.ts";

/** A migration before it has its hashes. */
export type UnhashedMigration = Omit<Migration, "hash" | "earlierHashes">;

/** What a document is known by. */
type DocumentHashes = Pick<Migration, "hash" | "earlierHashes">;

const sha256 = (content: unknown): string => createHash("sha256").update(JSON.stringify(content)).digest("hex");

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const saysNothing = (value: unknown): boolean =>
  value === null || value === false || (typeof value === "object" && Object.keys(value).length === 0);

/**
 * The same content in one form: keys in the order of the alphabet, and without those that say nothing (null, false,
 * empty). So a key that a later version knows changes no hash of a document that does not use it; one whose default says
 * something has to be left out of {@link deciding} where it has that default.
 */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, canonical(each)] as const);
  return Object.fromEntries(entries.filter(([, each]) => !saysNothing(each)).sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Without the number of values that is the default: a document that writes it out is the same. */
const decidingOptions = (options: UnhashedMigration["segmentOptions"] = {}): unknown =>
  Object.fromEntries(
    Object.entries(options).map(([name, { normalise, values }]) => [
      name,
      { normalise, ...(values === DEFAULT_SEGMENT_VALUES ? {} : { values }) },
    ]),
  );

/**
 * Of the shadow what its answers are held against, where it is not the default. Where the candidate is asked, with which key and at
 * what price, may change at any time.
 */
const decidingShadow = (shadow: UnhashedMigration["shadow"]): unknown => {
  if (shadow === undefined) return undefined;
  const { limit, critical, novel, selfRerun, audience } = shadow;
  const similarity = shadow.similarity?.model ?? null;
  const judge = shadow.judge === null ? null : [shadow.judge.model, shadow.judge.rubric];
  const decides = { limit, critical, novel, selfRerun, audience, similarity, judge };
  const said = Object.entries(decides).filter(
    ([key, value]) => !isSame(value, DEFAULT_SHADOW[key as keyof typeof decides]),
  );
  return said.length === 0 ? undefined : Object.fromEntries(said);
};

/**
 * What decides: the arms, the calls that belong to them, the flag, the stages and the limits, as numbers, so that `5%` and
 * `5.0%` are one limit and a playbook is the limits it stands for. Not who owns or approves: people change.
 */
const deciding = ({ segmentOptions, ...migration }: UnhashedMigration): unknown => ({
  baseline: migration.baseline,
  candidate: migration.candidate,
  match: migration.match,
  route: migration.route,
  // Not who: but whether one person is enough.
  fourEyes: migration.fourEyes ?? false,
  segments: migration.segments,
  segmentOptions: decidingOptions(segmentOptions),
  // A canary stage was the only kind once, and goes without its name.
  stages: migration.stages.map(({ kind, ...stage }) => (kind === "canary" ? stage : { kind, ...stage })),
  shadow: decidingShadow(migration.shadow),
  not: migration.not ?? [],
  // an id is made of the rest
  rules: migration.rules.map(({ id: _, ...rule }) => rule),
  preflightSkips: migration.preflightSkips,
});

const modelOfVersion1 = ({ model, provider, prompt }: ModelConfiguration): unknown => ({
  model,
  provider,
  prompt: prompt === null ? null : { name: prompt.name, version: prompt.version },
});

/** It knew canary stages only; a document with another has no name there. */
const stageOfVersion1 = (stage: Stage): unknown =>
  stage.kind === "canary"
    ? {
        ...{ share: stage.share, forMs: stage.forMs, approval: stage.approval },
        ...{ gate: stage.gate, minCalls: stage.minCalls, audience: stage.audience },
      }
    : stage;

const ruleOfVersion1 = (rule: Rule): unknown => {
  const { id, signal, severity, quantile, limit, unit, direction, reference, projection, by, orRelative } = rule;
  return signal === "output_shape"
    ? { id, signal, severity, quantile, limit, unit, direction, reference, projection, by }
    : { id, signal, quantile, limit, unit, direction, reference, projection, by, severity, orRelative };
};

/** Version 1 was the SHA-256 of the whole document as 0.1 normalised it: these keys, in this order. */
const hashOfVersion1 = ({ name, owner, approvers, match, route, segments, ...rest }: UnhashedMigration): string =>
  sha256({
    name,
    owner,
    approvers,
    baseline: modelOfVersion1(rest.baseline),
    candidate: modelOfVersion1(rest.candidate),
    match: { service: match.service, operation: match.operation },
    // A fallback, too, it knew none of.
    route: { flag: route.flag, target: route.target, fallback: route.fallback },
    segments,
    // It knew none; a document that has some is none of its.
    segmentOptions: rest.segmentOptions,
    fourEyes: rest.fourEyes,
    stages: rest.stages.map(stageOfVersion1),
    // It had no shadow that was measured.
    shadow: decidingShadow(rest.shadow),
    not: rest.not,
    rules: rest.rules.map(ruleOfVersion1),
    // Nor any check that could be skipped.
    preflightSkips: rest.preflightSkips,
  });

const hashOfVersion2 = (migration: UnhashedMigration): string => `v2:${sha256(canonical(deciding(migration)))}`;

/**
 * The hash of what decides in a document, and what earlier versions of Leeway would have called the same document;
 * `earlier` are the readings of it that they had and this version has not.
 */
export const documentHashes = (
  migration: UnhashedMigration,
  earlier: readonly UnhashedMigration[] = [],
): DocumentHashes => ({
  hash: hashOfVersion2(migration),
  earlierHashes: [
    hashOfVersion1(migration),
    ...earlier.flatMap((each) => [hashOfVersion2(each), hashOfVersion1(each)]),
  ],
});
