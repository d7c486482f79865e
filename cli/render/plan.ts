import { audienceText, ofAudience } from "../../core/audience.ts";
import { unreachable } from "../../core/exhaustive.ts";
import { lengthText } from "../../core/length-text.ts";
import type { Migration, Stage } from "../../core/migration.ts";
import { exactPercent } from "../../core/percent.ts";
import { closedText } from "../../lifecycle/calendar.ts";
import { notWaitedFor } from "../../lifecycle/gate.ts";
import { audienceOfStage, shareOfStage, stageText } from "../../lifecycle/stages.ts";

const shown = (stage: Stage): string =>
  stage.kind === "canary"
    ? exactPercent(stage.share) + ofAudience(stage.audience)
    : `${stageText(stage)} for ${lengthText(stage.forMs)}`;

/** The stages of a migration on one line: `baseline only for 60 min -> 5% -> 25% (approval)`. */
export const planText = ({ stages }: Migration): string =>
  stages.map((stage) => `${shown(stage)}${stage.approval ? " (approval)" : ""}`).join(" -> ");

const samePrompt = ({ baseline, candidate }: Migration): boolean =>
  baseline.prompt?.name === candidate.prompt?.name && baseline.prompt?.version === candidate.prompt?.version;

/** What a shadow in the app cannot show of the candidate: it is asked what the app asked the baseline. */
const askedOtherwise = (migration: Migration): readonly string[] => {
  const { baseline, candidate, stages, shadow } = migration;
  if (!stages.some(({ kind }) => kind === "shadow")) return [];
  const isElsewhere = candidate.provider !== null && candidate.provider !== baseline.provider;
  return [
    ...(samePrompt(migration)
      ? []
      : [
          "LOOK: in the shadow the candidate is asked with the baseline's prompt, as the app wrote it: what its own prompt changes shows in the canary alone",
        ]),
    ...(isElsewhere && (shadow?.baseUrl ?? null) === null
      ? [
          `LOOK: the candidate's provider is ${candidate.provider}, and shadow.baseUrl is not said: it would be asked where the baseline is; set it to the address that is written like the baseline's, and name its host in LEEWAY_SHADOW_HOSTS of the app`,
        ]
      : []),
  ];
};

const WEEK_MS = 7 * 24 * 3_600_000;

/** A weekend is no Monday: what comes once a week is seen by none of a shorter plan's stages. */
const shorterThanAWeek = ({ stages }: Migration): readonly string[] => {
  const wholeMs = stages.filter((stage) => shareOfStage(stage) > 0).reduce((sum, { forMs }) => sum + forMs, 0);
  return wholeMs >= WEEK_MS
    ? []
    : [
        `LOOK: the candidate answers for ${lengthText(wholeMs)} in the whole plan, less than a week: what comes once a week (weekends, Mondays, batch jobs) may not be seen; end it with { observe: 14d, holdback: 1% }`,
      ];
};

const endsAlone = ({ stages }: Migration): readonly string[] => {
  const last = stages.at(-1);
  return last === undefined || shareOfStage(last) < 1
    ? []
    : [
        "LOOK: the plan ends without a live baseline: what the candidate does later is compared with nothing; end it with { observe: 14d, holdback: 1% }",
      ];
};

/** Whom a stage is for, and by what the others are told. */
const forSegments = ({ stages }: Migration): readonly string[] =>
  stages.flatMap((stage, i) => {
    const audience = audienceOfStage(stage);
    return audience === null
      ? []
      : [
          `stage ${i + 1} is for ${audienceText(audience)} alone, by the attribute ${audience.segment} of the evaluation context; whoever has another value or none gets the baseline, and is not judged`,
        ];
  });

const whoApproves = ({ approvers }: Migration): string =>
  approvers.length === 0 ? "a person" : `one of ${approvers.join(", ")}`;

const waitsFor = (migration: Migration, stage: Stage): string => {
  const calls = stage.minCalls === undefined ? "" : ` and ${stage.minCalls} calls`;
  const others = notWaitedFor(migration, stage);
  const rules = others.length === 0 ? "every rule" : `${stage.gate?.join(", ") ?? ""} (not for ${others.join(", ")})`;
  switch (stage.kind) {
    case "canary":
    case "observe":
      return `for ${rules}${calls}`;
    case "baseline":
      return `until the baseline is known, ${rules === "every rule" ? "to every rule that compares with it" : `to ${rules}`}${calls}`;
    case "shadow":
      return "until the pairs of answers show that regressions are rarer than their limit";
    default:
      return unreachable(stage);
  }
};

/** What each stage waits for before it ends, and whom: a line each. */
export const planLines = (migration: Migration): readonly string[] => {
  const { name, stages, not = [] } = migration;
  const count = stages.length;
  return [
    ...stages.map((stage, i) => {
      const next = stages[i + 1];
      const person = next?.approval === true ? `, and for ${whoApproves(migration)}: leeway advance ${name}` : "";
      return `stage ${i + 1} of ${count}, ${stageText(stage)}: ${lengthText(stage.forMs)} at least; waits ${waitsFor(migration, stage)}${person}`;
    }),
    ...(stages[0]?.approval === true
      ? [`the first stage waits for ${whoApproves(migration)}: the flag stays at 0% until leeway advance ${name}`]
      : []),
    ...(not.length === 0
      ? []
      : [`no stage ends by itself in ${not.map(closedText).join(", ")}; a rollback waits for nothing`]),
  ];
};

/** What people should know of the plan of stages before they start it, a line each. */
export const planNotes = (migration: Migration): readonly string[] => [
  ...forSegments(migration),
  ...askedOtherwise(migration),
  ...shorterThanAWeek(migration),
  ...endsAlone(migration),
];
