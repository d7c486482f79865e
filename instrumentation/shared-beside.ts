import type { PairOutcome } from "../core/pair-row.ts";
import type { ShadowPlan } from "../core/shadow-plan.ts";
import type { FinishedCall } from "./fetch/finished-call.ts";
import type { Unpaired } from "./shadow/unpaired-counts.ts";
import type { ShadowFunctions } from "./shadow-functions.ts";
import { type SharedObject, sharedObject } from "./shared-object.ts";

/** A call that was served elsewhere and stored, and is asked again beside the app. */
export interface StoredCall extends Omit<FinishedCall, "stored"> {
  readonly stored: NonNullable<FinishedCall["stored"]>;
}

/** Who asks the candidate and, once more, the baseline. */
export interface BesideAskers {
  readonly candidate: NonNullable<ShadowFunctions["run"]>;
  readonly rerun: NonNullable<ShadowFunctions["run"]>;
}

/** What the preload offers to `leeway shadow`: its shadow, for calls that other processes have served. */
export interface SharedBeside {
  /** Takes over who asks for a migration. */
  readonly askBy: (migration: string, askers: BesideAskers) => void;
  /** What the agent says is to be asked for it; null while it says nothing. */
  readonly plan: (migration: string) => ShadowPlan | null;
  /** Why nothing would be asked for it now: `no-plan` while the agent does not say that it is shadowed; null = it would. */
  readonly held: (migration: string) => PairOutcome | "no-plan" | null;
  /** Has it asked again, as a call of this process that has just ended. */
  readonly serve: (call: StoredCall) => void;
  /** Counts a served call that cannot be asked again. */
  readonly count: (of: Unpaired) => void;
  /** Second calls that wait or are under way, and pairs that are not told of yet. */
  readonly open: () => number;
  /** Calls so far by what became of them, `candidate paired` for one. */
  readonly outcomes: () => Readonly<Record<string, number>>;
}

const BESIDE: SharedObject<SharedBeside> = sharedObject("beside", 1);

/** Offers it to every copy of this code in the process. */
export const shareBeside = (beside: SharedBeside): void => BESIDE.share(beside);

/** The preload's; null while it is not loaded, or of another version. */
export const sharedBeside = (): SharedBeside | null => BESIDE.find();
