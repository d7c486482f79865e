import type { Rule } from "../../../core/migration.ts";
import type { Measured } from "../comparators/comparator.ts";
import type { Stream } from "../streams/stream.ts";

/** What a row asks of the methods: no alarm ever, an alarm soon, or the rule called clear. */
export type Asked = "no alarm" | "alarm" | "clear" | "never clear";

/** One row of the table: a rule as users write it, and the stream it is put to. */
export interface Case {
  /** What is measured: A to G of docs/statistics.md. */
  readonly section: string;
  readonly name: string;
  readonly rule: Rule;
  readonly stream: Stream;
  readonly asked: Asked;
  /** Most minutes a run takes. */
  readonly minutes: number;
  readonly runs: number;
  /** Minute in which the regression begins; alarms before it are false. */
  readonly onset: number;
  /** Lower bound on the canary calls of an alarm or a clear; null where none is asked for. */
  readonly bound: number | null;
  /** What the other tools see of it; null: not put to them. */
  readonly measured: Measured | null;
}

/** What one method did in one run: minutes from its beginning to the end of the look that acted; null = none did. */
export type Acted = number | null;

/** All methods in one run; the first is Leeway. */
export type RunResult = readonly Acted[];
