import type { Migration } from "../../core/migration.ts";
import type { SuiteResult } from "./suite-result.ts";

/**
 * What is to be done by what is known: `migrate`, `defer`, or `undecided` where nothing that can be weighed speaks for or against.
 * People decide.
 */
export type Advice = "migrate" | "defer" | "undecided";

/** What a point is about. */
export type PointAbout = "baseline" | "candidate" | "suite" | "benchmark" | "cost" | "reason" | "plan";

/**
 * One thing that was weighed. `forbids`: whatever else is said, not now; `for` and `against` outweigh nothing but one another's
 * absence; `unknown` is what should be known and is not; a `note` weighs nothing.
 */
export interface Point {
  readonly about: PointAbout;
  readonly speaks: "forbids" | "for" | "against" | "unknown" | "note";
  /** One line. */
  readonly text: string;
}

/** When a model ends; days are `2027-01-14`, UTC. */
export interface ModelEnd {
  /** Null = none was announced. */
  readonly retires: string | null;
  /** Promised until this day; null = nothing is. */
  readonly notBefore: string | null;
  /** Who says so, for people. */
  readonly source: string;
}

/** What a call of the baseline costs, and what the same tokens cost at the candidate's prices. US dollars a call. */
export interface MeasuredCost {
  /** Calls of known usage in the time that was looked at. */
  readonly calls: number;
  readonly days: number;
  readonly baselineUsd: number;
  readonly candidateUsd: number;
}

/** All that is known when a migration is to be decided on. */
export interface CaseFacts {
  readonly migration: Migration;
  /** Epoch ms. */
  readonly now: number;
  /** Null where no table knows the model. */
  readonly ends: Readonly<Record<"baseline" | "candidate", ModelEnd | null>>;
  /** The result that the document names, or why it cannot be had; null where it names none. */
  readonly suite: SuiteResult | { readonly unknown: string } | null;
  readonly cost: MeasuredCost | { readonly unknown: string };
  /** Since when the migration runs, epoch ms; null = it has not begun, or the ledger was not read. */
  readonly startedAt: number | null;
}

/** The points, and what they come to. */
export interface Case {
  readonly advice: Advice;
  /** Why, one sentence. */
  readonly because: string;
  readonly points: readonly Point[];
}
