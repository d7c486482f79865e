import type { Notice } from "../core/notice.ts";
import type { RetirementEvent } from "../lifecycle/retirement-due.ts";
import { modelFacts } from "./cause-text.ts";
import { finishNotice, type NoticeContext, scopeOf } from "./notice-draft.ts";

const ADVICE: Readonly<Record<RetirementEvent["arms"][number], string>> = {
  baseline:
    "From that day a rollback leads to a model that does not answer: end the migration before, or declare another baseline.",
  canary:
    "From that day the candidate's calls fail, which its rules will take for what it is: choose another candidate.",
};

/**
 * `stage`: a model of the migration is retired soon, or is. Outside any incident; a warning from 30 days on. Id:
 * `<scope>/retirement/<model>/<day>/<mark>`.
 */
export const retirementNotice = (
  context: NoticeContext,
  { model, arms, retires, source, daysLeft, withinDays }: Omit<RetirementEvent, "type">,
): Notice => {
  const { name } = context.migration;
  const whose = arms.map((arm) => (arm === "canary" ? "candidate" : arm)).join(" and ");
  const when = daysLeft <= 0 ? `is retired since ${retires}` : `is retired in ${daysLeft} days, on ${retires}`;
  return finishNotice(context, {
    type: "stage",
    severity: withinDays > 30 ? "info" : "warning",
    id: `${scopeOf(context)}/retirement/${model}/${retires}/${withinDays}`,
    title: `${name}: the ${whose} ${model} ${when}`,
    summary: [`The ${whose} of ${name}, ${model}, ${when} (${source}).`],
    done: ["Nothing was changed: the migration goes on as its document says."],
    next: [...arms.map((arm) => ADVICE[arm]), "All models in use and their days: `leeway models`."],
    facts: [["Model", model], ["Retired", retires], ["Says", source], ...modelFacts(context.migration)],
  });
};
