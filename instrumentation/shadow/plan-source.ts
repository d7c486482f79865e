import type { ShadowPlan, ShadowPlans } from "../../core/shadow-plan.ts";
import { readPlans } from "./read-plans.ts";

/** What this process is to shadow, asked again and again. */
export interface PlanSource {
  /** In force now; empty while nobody says so. */
  readonly plans: () => readonly ShadowPlan[];
}

/** What a source works with. */
export interface PlanSourceParts {
  /** Asks the agent, once; null = no answer. */
  readonly ask: () => Promise<string | null>;
  /** Monotonic ms. */
  readonly tick: () => number;
  /** Runs a function later without keeping the process alive. */
  readonly later: (fn: () => void, ms: number) => void;
  /** Hears what is new, once each time. */
  readonly onPlans: (told: ShadowPlans) => void;
}

/** Soon after the start: the first calls are shadowed too. */
const FIRST_MS = 500;

/** Where nobody answers: an agent of an earlier version, a collector of another make. */
const UNANSWERED_MS = 30_000;

const NOTHING: ShadowPlans = { plans: [], goodForMs: 0 };

/** Starts to ask: three times in the time that an answer is good for. What is no longer good is nothing. */
export const createPlanSource = ({ ask, tick, later, onPlans }: PlanSourceParts): PlanSource => {
  let known: ShadowPlans = NOTHING;
  let since = Number.NEGATIVE_INFINITY;
  const isGood = (): boolean => tick() - since < known.goodForMs;
  const look = async (): Promise<void> => {
    const answer = await ask().catch(() => null);
    const read = answer === null ? null : readPlans(answer);
    if (read !== null) {
      known = read;
      since = tick();
      onPlans(read);
    }
    later(() => void look(), read === null ? UNANSWERED_MS : read.goodForMs / 3);
  };
  later(() => void look(), FIRST_MS);
  return { plans: () => (isGood() ? known.plans : NOTHING.plans) };
};
