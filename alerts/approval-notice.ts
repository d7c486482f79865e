import { ofAudience } from "../core/audience.ts";
import { type Migration, shortHash } from "../core/migration.ts";
import type { Notice } from "../core/notice.ts";
import { percent } from "../core/percent.ts";
import { audienceOfStage, shareOfStage } from "../lifecycle/stages.ts";
import { modelFacts } from "./cause-text.ts";
import { finishNotice, type NoticeContext, scopeOf } from "./notice-draft.ts";

/** Whose word an approval takes, as the beginning of a sentence about one person. */
export const whoApproves = ({ approvers, fourEyes = false }: Pick<Migration, "approvers" | "fourEyes">): string => {
  const one = approvers.length === 0 ? "person" : "approver";
  const names = approvers.length === 0 ? "" : ` (${approvers.join(", ")})`;
  if (fourEyes)
    return `Under four eyes an ${one}${names} other than whoever asked for it, or each of two where nobody is known to have,`;
  return approvers.length === 0 ? "A person" : `One of the approvers${names}`;
};

const upperFirst = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

const nextText = ({ stages }: Migration, stage: number): string => {
  const next = stages[stage];
  if (next === undefined) return "the end of its last stage";
  const share =
    next.kind === "baseline" || next.kind === "shadow" ? next.kind : `canary ${percent(shareOfStage(next))}`;
  return `stage ${stage + 1} of ${stages.length}, ${share}${ofAudience(audienceOfStage(next))}`;
};

/**
 * `stage`: the time of a stage is up, and a person has to approve the next. Told once while its rules or checks keep it as well, and
 * once when nothing but the approval does. Id: `<scope>/approval/<stage>/<at>`.
 */
export const approvalDueNotice = (
  context: NoticeContext,
  { stage, hold }: { readonly stage: number; readonly hold: string },
): Notice => {
  const { migration } = context;
  const { name, stages } = migration;
  const next = nextText(migration, stage + 1);
  const isReady = hold === "";
  return finishNotice(context, {
    type: "stage",
    id: `${scopeOf(context)}/approval/${stage}/${context.at}`,
    title: `${name}: waits for approval of ${next}${isReady ? "" : "; not everything is clear yet"}`,
    summary: [
      isReady
        ? `The time of stage ${stage + 1} is up, its rules are clear and no check failed: nothing but the approval is missing.`
        : `${upperFirst(hold)}.`,
    ],
    done: ["Nothing moves until then: the share stays, and every rule goes on being judged."],
    next: [
      `${whoApproves(migration)} runs \`leeway advance ${name}\` for ${next}.`,
      isReady ? "" : "Better wait: you are told once more when nothing else keeps it.",
      `How it stands: \`leeway status ${name}\`. To go back: \`leeway rollback ${name}\`.`,
    ],
    facts: [["Stage", `${stage + 1} of ${stages.length}`], ["Waits for", next], ...modelFacts(migration)],
  });
};

/**
 * `stage`: under four eyes one person approved, and another has to. Told once for each who did. Id:
 * `<scope>/approved/<stage or hash>/<at>`.
 */
export const halfApprovedNotice = (
  context: NoticeContext,
  news: { readonly by: string; readonly reason: string } & ({ readonly stage: number } | { readonly hash: string }),
): Notice => {
  const { migration } = context;
  const { name, approvers } = migration;
  const { by, reason } = news;
  const isStage = "stage" in news;
  const what = isStage ? nextText(migration, news.stage + 1) : `its changed document ${shortHash(news.hash, 12)}`;
  const names = approvers.length === 0 ? "" : ` (of ${approvers.join(", ")})`;
  return finishNotice(context, {
    type: "stage",
    id: `${scopeOf(context)}/approved/${isStage ? news.stage : shortHash(news.hash, 8)}/${context.at}`,
    title: `${name}: one of two approved ${what}`,
    summary: [`${by} approved it: ${reason}.`],
    done: ["Nothing moved: under four eyes it takes a second person."],
    next: [
      `A second ${approvers.length === 0 ? "person" : "approver"}${names} runs \`leeway ${isStage ? "advance" : "revise"} ${name}\`, if they agree.`,
      `How it stands: \`leeway status ${name}\`.`,
    ],
    facts: [["Approved by", by], ["Waits for", what], ...modelFacts(migration)],
  });
};
