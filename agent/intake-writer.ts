import type { CollectorStats } from "../core/collector-stats.ts";
import type { IntakeTotal, IntakeTotals } from "../store/insert-intake.ts";

/** An unchanged total is written again after this long, so that it is known to be one still. */
const REPEAT_MS = 3_600_000;

/** What the writer needs. */
export interface IntakeWriterParts {
  readonly stats: () => Pick<CollectorStats, "exporters" | "flagEvaluations">;
  readonly insert: (totals: IntakeTotals) => Promise<void>;
  readonly now: () => number;
}

const totalsOf = ({ exporters, flagEvaluations }: ReturnType<IntakeWriterParts["stats"]>): readonly IntakeTotal[] => [
  ...exporters.flatMap(({ service, instance: subject, dropped, unexplained }) => [
    { kind: "dropped" as const, service, subject, variant: "", total: dropped },
    { kind: "missing" as const, service, subject, variant: "", total: unexplained },
  ]),
  ...flagEvaluations.map(({ service, flag: subject, variant, count: total }) => ({
    ...{ kind: "evaluated" as const, service, subject, variant, total },
  })),
];

/**
 * Keeps what the collector knows of the apps' own sending in the store, where the ticks of every agent find it: totals
 * that changed since they were written last, and each once an hour. `run` names this run of the agent. A failed
 * insert rejects, and is made up for by the next call.
 */
export const createIntakeWriter = (run: string, { stats, insert, now }: IntakeWriterParts): (() => Promise<void>) => {
  const written = new Map<string, { readonly total: number; readonly at: number }>();
  const keyOf = ({ kind, service, subject, variant }: IntakeTotal): string =>
    JSON.stringify([kind, service, subject, variant]);
  return async () => {
    const at = now();
    const due = totalsOf(stats()).filter((each) => {
      const last = written.get(keyOf(each));
      return last === undefined || last.total !== each.total || at - last.at >= REPEAT_MS;
    });
    await insert({ at, agent: run, totals: due });
    for (const each of due) written.set(keyOf(each), { total: each.total, at });
  };
};
