import type { Store } from "../../store/store.ts";
import { storeWithin } from "../bounded-store.ts";
import { closedHours } from "../closed-hours.ts";
import type { Settings } from "../config/settings.ts";
import { eachMigration } from "../each-migration.ts";
import type { MigrationRunner } from "../migration-runner.ts";
import type { Job } from "../monitors/open-monitors.ts";

/** What it works with. */
export interface KeepBaselinesParts {
  readonly store: Pick<Store, "drawBaselines" | "newestBaselineHour">;
  readonly runners: () => readonly Pick<MigrationRunner, "migration" | "history">[];
  readonly now: () => number;
}

/** Keeps examples of what the baseline was asked and answered, hour by hour. */
export interface KeepBaselines {
  /** Draws from the hours that closed since the last look, a few of each migration. Rejects with what failed; the next look makes up for it. */
  readonly look: () => Promise<void>;
}

const HOUR_MS = 3_600_000;
const PATIENCE_MS = 30_000;
/** Values of a segment with examples of their own. */
const MOST_VALUES = 50;
/** The longest and the shortest answers of an hour, by output tokens. */
const TAIL = 0.02;

/** Examples of all migrations, as one draws in this process. */
export const createKeepBaselines = (
  { share, perSegment }: NonNullable<Settings["baselines"]>,
  { store, runners, now }: KeepBaselinesParts,
): KeepBaselines => {
  /** By migration: the newest hour that was drawn from. An hour without any content leaves nothing in the store. */
  const drawn = new Map<string, number>();

  const one = async ({ migration, history }: ReturnType<KeepBaselinesParts["runners"]>[number]): Promise<void> => {
    const { name, segments } = migration;
    const { hash, since } = history.state();
    if (!history.isKnown() || hash === null) return;
    const life = { since, until: Number.POSITIVE_INFINITY };
    if (closedHours(life, drawn.get(name) ?? null, now()).length === 0) return;
    // Another agent may have been here.
    const newest = await storeWithin(PATIENCE_MS, store.newestBaselineHour(name));
    const done = Math.max(newest ?? 0, drawn.get(name) ?? 0);
    for (const from of closedHours(life, done === 0 ? null : done, now())) {
      const draw = { migration: name, from, to: from + HOUR_MS, segment: segments[0] ?? "" };
      await storeWithin(
        PATIENCE_MS,
        store.drawBaselines({ ...draw, share, perSegment, mostValues: MOST_VALUES, tail: TAIL }),
      );
      drawn.set(name, from);
    }
  };

  return { look: () => eachMigration(runners(), one) };
};

/** It as a job of the schedule; none where no examples are to be kept. */
export const baselineJobs = (settings: Settings["baselines"], parts: KeepBaselinesParts): readonly Job[] =>
  settings === null
    ? []
    : [
        {
          name: "keeping examples of the baseline",
          cron: "20 */5 * * * *",
          work: createKeepBaselines(settings, parts).look,
        },
      ];
