import type { Audience } from "./audience.ts";
import type { JudgeSettings, ShadowBudget, SimilaritySettings } from "./shadow.ts";

/** What an app is told about the shadow of one migration, for as long as the answer holds. */
export interface ShadowPlan {
  readonly migration: string;
  /** Operation of the calls; null = every one. */
  readonly operation: string | null;
  readonly baselineModel: string;
  readonly candidateModel: string;
  /** Part of the baseline's calls that the candidate is asked as well, 0-1. */
  readonly share: number;
  /** Of those, the part that the baseline is asked once more, 0-1. */
  readonly selfRerun: number;
  readonly audience: Audience | null;
  readonly baseUrl: string | null;
  readonly key: string | null;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Missing or null = none; an agent of before knows of none. */
  readonly similarity?: SimilaritySettings | null;
  readonly judge?: JudgeSettings | null;
  /** What this process may take until it is told again. */
  readonly left: ShadowBudget;
}

/** The answer to an app that asks what it is to shadow. */
export interface ShadowPlans {
  readonly plans: readonly ShadowPlan[];
  /** Every migration of this app, shadowed now or not; missing = an agent of before, which does not say. */
  readonly migrations?: readonly string[];
  /** For so long it holds where no other one comes, ms; after that nothing is shadowed. */
  readonly goodForMs: number;
}

/** Path at which the collector's address answers it; `?service=` names the app, `&instance=` its process. */
export const SHADOW_PATH = "/leeway/v1/shadow";
