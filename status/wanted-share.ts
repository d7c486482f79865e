import type { Migration } from "../core/migration.ts";
import { standingOf } from "../lifecycle/standing.ts";
import { desiredAudience, desiredShare, type MigrationState } from "../lifecycle/state.ts";
import type { WantedShare } from "./flag-view.ts";
import { STANDING_TEXT } from "./standing-text.ts";

/** What the flag of a migration in `state` should serve, and why. `now` is epoch ms. */
export const wantedShare = (migration: Migration, state: MigrationState, now: number): WantedShare => {
  const share = desiredShare(migration, state);
  const audience = desiredAudience(migration, state);
  if (state.hash === null && state.rollback === null) return { share, because: "the migration has not started" };
  const { headline } = STANDING_TEXT[standingOf(migration, state, now)];
  const stage = Math.min(state.stage + 1, migration.stages.length);
  return {
    share,
    ...(audience === null ? {} : { audience }),
    because: `${headline} (stage ${stage} of ${migration.stages.length})`,
  };
};
