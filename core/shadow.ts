import { type Audience, audienceText, isWithin } from "./audience.ts";
import { exactPercent } from "./percent.ts";

/** How much of the candidate a day of shadow may take, UTC days; null = as much as it takes. */
export interface ShadowBudget {
  readonly calls: number | null;
  readonly tokens: number | null;
  readonly usd: number | null;
}

/** A segment in which fewer regressions are borne than elsewhere. */
export interface CriticalSegment {
  readonly audience: Audience;
  /** Regressions that are borne, 0-1. */
  readonly limit: number;
}

/** An embedding model by which texts are held against each other: at an endpoint written like OpenAI's, or in the app's process. */
export interface SimilaritySettings {
  /** `in-process/<name>` = one of core/in-process-model.ts. */
  readonly model: string;
  /** As its SDK's base URL; null = where the served call went. */
  readonly baseUrl: string | null;
  /** Name of the variable of the app's environment that holds its key; null = the provider's usual one. */
  readonly key: string | null;
}

/** A third model that reads pairs in both orders, at an endpoint written like OpenAI's chat completions. */
export interface JudgeSettings {
  /** A pinned version: another one is another judge. */
  readonly model: string;
  /** As its SDK's base URL. */
  readonly baseUrl: string;
  /** Name of the variable of the app's environment that holds its key; null = the provider's usual one. */
  readonly key: string | null;
  /** Part of the pairs of a candidate that it reads, 0-1; it reads every rerun whose answers differ. */
  readonly share: number;
  /** What is better, in words; null = our own. */
  readonly rubric: string | null;
  /** Null = left out of the request, for models that take none. */
  readonly temperature: number | null;
}

/** How a shadow stage is carried out, and what its answers may be like. */
export interface ShadowSettings {
  /** Where the candidate is asked, an http(s) URL; null = where the served call went. */
  readonly baseUrl: string | null;
  /** Name of the variable of the app's environment that holds the candidate's key; null = the provider's usual one. */
  readonly key: string | null;
  /** Longest wait for the candidate's answer, ms. */
  readonly timeoutMs: number;
  /** Second calls that one process makes at a time. */
  readonly concurrency: number;
  /** Part of the shadowed calls that the baseline is asked once more, 0-1. */
  readonly selfRerun: number;
  /** Whose calls are shadowed; null = everybody's. */
  readonly audience: Audience | null;
  readonly budget: ShadowBudget;
  /** Null = words alone are compared. */
  readonly similarity: SimilaritySettings | null;
  /** Null = nobody reads pairs but people. */
  readonly judge: JudgeSettings | null;
  /** Part of the pairs that may be regressions, 0-1, per segment. */
  readonly limit: number;
  readonly critical: readonly CriticalSegment[];
  /** Part of the pairs that may show behaviour nobody has accepted, 0-1. */
  readonly novel: number;
}

/** What holds where a document says nothing. */
export const DEFAULT_SHADOW: ShadowSettings = {
  ...{ baseUrl: null, key: null, timeoutMs: 60_000, concurrency: 4, selfRerun: 0.02, audience: null },
  budget: { calls: 10_000, tokens: null, usd: null },
  similarity: null,
  judge: null,
  ...{ limit: 0.03, critical: [], novel: 0.005 },
};

/** What the shadow's answers are held against, in words. */
export const shadowText = ({
  limit,
  critical,
  novel,
  selfRerun,
  audience,
  similarity,
  judge,
}: ShadowSettings): string => {
  const strict = critical.map((each) => `, of ${audienceText(each.audience)} ${exactPercent(each.limit)}`).join("");
  const whose = audience === null ? "" : `, of ${audienceText(audience)} alone`;
  return `regressions at most ${exactPercent(limit)}${strict}, new behaviour at most ${exactPercent(novel)}, ${exactPercent(selfRerun)} reruns${whose}${similarity === null ? "" : `, likeness by ${similarity.model}`}${judge === null ? "" : `, judged by ${judge.model}`}`;
};

/** True where less is asked of a candidate by `after` than by `before`: more is borne, or fewer calls are looked at. */
export const isLooserShadow = (before: ShadowSettings, after: ShadowSettings): boolean =>
  after.limit > before.limit ||
  after.novel > before.novel ||
  after.selfRerun < before.selfRerun ||
  !isWithin(before.audience, after.audience) ||
  before.critical.some(
    ({ audience, limit }) => !after.critical.some((each) => isWithin(audience, each.audience) && each.limit <= limit),
  );
