import {
  type FlagReadFailure,
  type FlagReport,
  type FlagVariant,
  isReadFailure,
  type RoutedFlag,
  sameExposure,
} from "../../alerts/flags/flag-target.ts";
import type { Exposure } from "../../core/audience.ts";
import type { FlagState } from "../../core/flag.ts";
import type { Migration } from "../../core/migration.ts";
import { exactPercent } from "../../core/percent.ts";
import { exposureText } from "../../lifecycle/exposure-text.ts";
import { stageAudience, stageShare } from "../../lifecycle/state.ts";
import { seenText } from "../../status/flag-view.ts";
import { shareStepProblems } from "../config/share-steps.ts";
import { unservedSegmentProblems } from "../config/unserved-segments.ts";
import type { LiveLine } from "./live-line.ts";

const variantText = ({ arm, name, value }: FlagVariant): string =>
  `${arm} is ${name}${value === null ? "" : ` = ${value}`}`;

const variantsText = ({ variants }: FlagReport, { baseline, candidate }: Migration): string => {
  const missing = (["baseline", "canary"] as const).filter((arm) => !variants.some((each) => each.arm === arm));
  const models = { baseline: baseline.model, canary: candidate.model };
  return [...variants.map(variantText), ...missing.map((arm) => `no variant for the ${arm} (${models[arm]})`)].join(
    ", ",
  );
};

const stageText = (state: FlagState, first: Exposure): string => {
  const now = `serves ${exposureText(state, first)} (${state.enabled ? "on" : "off"})`;
  return sameExposure(state, first)
    ? `${now}, as the first stage wants it`
    : `${now}, the first stage would set ${exposureText(first, state)}`;
};

/** What `report` makes of a flip: whether it is possible, where that is known. */
const writing = ({ mayWrite, mayWriteBecause }: FlagReport): string => {
  if (mayWrite === null) return `whether it may be written is not known: ${mayWriteBecause}`;
  return `${mayWrite ? "may be written" : "MAY NOT BE WRITTEN"}${mayWriteBecause === "" ? "" : `: ${mayWriteBecause}`}`;
};

const problemsOf = (report: FlagReport, migration: Migration, { capabilities }: RoutedFlag): readonly string[] => [
  ...report.problems,
  ...shareStepProblems(migration, capabilities.shareStep, "").map(({ path, text }) => `${path}: ${text}`),
  ...unservedSegmentProblems(migration, capabilities, "").map(({ path, text }) => `${path}: ${text}`),
  ...(report.mayWrite === false ? ["neither a stage nor a rollback could be carried out"] : []),
];

/** What a flag system answered about the flag of a fallback, which a rollback switches off and a re-arming restores. Pure. */
export const fallbackLine = (
  migration: Migration,
  flag: RoutedFlag,
  answer: FlagReport | FlagReadFailure,
): LiveLine => {
  const place = `flags.${flag.target}, flag ${flag.flag}, fallback of ${migration.name}`;
  if (isReadFailure(answer)) return { place, state: "wrong", text: `cannot be read (${answer.why}): ${answer.detail}` };
  const { state, mayWrite } = answer;
  const problems = [
    ...answer.problems,
    ...(state.share > 0 ? [] : ["it is off already: there is nothing for a rollback to switch off"]),
    ...(mayWrite === false ? ["a rollback could not fall back to it"] : []),
  ];
  const served = `serves ${exactPercent(state.share)} (${state.enabled ? "on" : "off"})`;
  const text = [...problems, served, writing(answer), seenText(flag.capabilities)].join("; ");
  return { place, state: problems.length > 0 ? "wrong" : mayWrite === true ? "ok" : "unknown", text };
};

/** What a flag system answered about the flag of a migration, held against what the migration will need of it. Pure. */
export const flagLine = (migration: Migration, flag: RoutedFlag, answer: FlagReport | FlagReadFailure): LiveLine => {
  const place = `flags.${flag.target}, flag ${flag.flag} of ${migration.name}`;
  if (isReadFailure(answer)) return { place, state: "wrong", text: `cannot be read (${answer.why}): ${answer.detail}` };
  const problems = problemsOf(answer, migration, flag);
  const isSure = answer.mayWrite === true && answer.variants.some(({ arm }) => arm === "canary");
  const text = [
    ...problems,
    stageText(answer.state, { share: stageShare(migration, 0), audience: stageAudience(migration, 0) }),
    variantsText(answer, migration),
    writing(answer),
    seenText(flag.capabilities),
  ].join("; ");
  return { place, state: problems.length > 0 ? "wrong" : isSure ? "ok" : "unknown", text };
};
