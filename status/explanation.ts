import type { LedgerEntry } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import { valueUnit } from "../core/value-unit.ts";
import type { Judgement } from "../core/verdict.ts";
import type { MigrationSnapshot } from "../lifecycle/snapshot.ts";
import type { MigrationState } from "../lifecycle/state.ts";
import { countedBy, describeRule } from "./describe-rule.ts";

/** Everything behind the verdicts of one migration: what `leeway explain` prints. Times are epoch ms. */
export interface Explanation {
  readonly schema: "leeway.explain/1";
  readonly migration: Migration;
  readonly state: MigrationState;
  readonly rules: readonly {
    readonly id: string;
    readonly title: string;
    readonly unit: string;
    /** Which calls or answers are counted; missing where an older agent answers. */
    readonly counted?: string;
  }[];
  /** Why the stage goes on although its time is up; null while it has time; missing where an older agent answers. */
  readonly hold?: string | null;
  /** The newest judgement; null before the first tick. */
  readonly judgement: Judgement | null;
  /** The judgement the open rollback was decided on. */
  readonly decidedOn: Judgement | null;
  /** Newest last. */
  readonly ledger: readonly LedgerEntry[];
}

const decidedOn = (state: MigrationState, ledger: readonly LedgerEntry[]): Judgement | null => {
  if (state.rollback === null) return null;
  const entry = ledger.findLast(({ event }) => event.type === "decision" && event.decision.kind === "rollback");
  return entry?.event.type === "decision" ? entry.event.judgement : null;
};

/** Collects the explanation of one migration. */
export const explain = ({ migration, state, judgement, entries, hold }: MigrationSnapshot): Explanation => ({
  schema: "leeway.explain/1",
  migration,
  state,
  hold: hold?.reason ?? null,
  rules: migration.rules.map((rule) => ({
    id: rule.id,
    title: describeRule(rule),
    unit: valueUnit(rule),
    counted: countedBy(rule),
  })),
  judgement,
  decidedOn: decidedOn(state, entries),
  ledger: entries,
});
