import type { Audience } from "../../core/audience.ts";
import { NORMALISATIONS } from "../../core/normalisations.ts";
import type { ShadowBudget } from "../../core/shadow.ts";
import type { ShadowPlan, ShadowPlans } from "../../core/shadow-plan.ts";
import { isRecord } from "../../features/is-record.ts";

const isText = (value: unknown): value is string => typeof value === "string" && value !== "" && value.length <= 1000;
const isShare = (value: unknown): value is number => typeof value === "number" && value >= 0 && value <= 1;
const isAmount = (value: unknown): value is number | null =>
  value === null || (typeof value === "number" && Number.isFinite(value) && value >= 0);
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");

const isAudience = (value: unknown): value is Audience =>
  isRecord(value) &&
  isText(value.segment) &&
  isTexts(value.values) &&
  (value.normalise === undefined ||
    (isTexts(value.normalise) && value.normalise.every((each) => NORMALISATIONS.some((known) => known === each))));

const isUrlOrNull = (value: unknown): boolean =>
  value === null || (isText(value) && /^https?:$/.test(URL.parse(value)?.protocol ?? ""));

const isSimilarity = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (isRecord(value) && isText(value.model) && isUrlOrNull(value.baseUrl) && isTextOrNull(value.key));

const isJudge = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (isRecord(value) &&
    isText(value.model) &&
    isText(value.baseUrl) &&
    isUrlOrNull(value.baseUrl) &&
    isTextOrNull(value.key) &&
    isShare(value.share) &&
    (value.rubric === null || typeof value.rubric === "string") &&
    (value.temperature === null || typeof value.temperature === "number"));

const isBudget = (value: unknown): value is ShadowBudget =>
  isRecord(value) && isAmount(value.calls) && isAmount(value.tokens) && isAmount(value.usd);

const isCount = (value: unknown, most: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;

const isPlan = (plan: unknown): plan is ShadowPlan =>
  isRecord(plan) &&
  [plan.migration, plan.baselineModel, plan.candidateModel].every(isText) &&
  isTextOrNull(plan.operation) &&
  isShare(plan.share) &&
  isShare(plan.selfRerun) &&
  (plan.audience === null || isAudience(plan.audience)) &&
  isUrlOrNull(plan.baseUrl) &&
  isTextOrNull(plan.key) &&
  isCount(plan.timeoutMs, 3_600_000) &&
  isCount(plan.concurrency, 64) &&
  isSimilarity(plan.similarity) &&
  isJudge(plan.judge) &&
  isBudget(plan.left);

/** More migrations than these are not shadowed by one process. */
const MAX_PLANS = 16;

/** What an agent answered, as far as it is understood: a plan that a newer version means otherwise is none. Null = no answer at all. */
export const readPlans = (text: string): ShadowPlans | null => {
  try {
    const read: unknown = JSON.parse(text);
    if (!isRecord(read) || !Array.isArray(read.plans) || !isCount(read.goodForMs, 3_600_000)) return null;
    const { plans, migrations, goodForMs } = read;
    return {
      ...{ plans: plans.filter(isPlan).slice(0, MAX_PLANS), goodForMs },
      ...(isTexts(migrations) ? { migrations } : {}),
    };
  } catch {
    return null;
  }
};
