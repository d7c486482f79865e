import type { Migration } from "../../core/migration.ts";
import { utcStamp } from "../../core/utc-text.ts";
import type { Judgement } from "../../core/verdict.ts";
import type { Freshness } from "../../store/store.ts";
import type { MigrationHistory } from "../migration-history.ts";
import { createWatch } from "./create-watch.ts";
import { createStoppedCalls } from "./stopped-calls.ts";
import { unseenRules } from "./unseen-rules.ts";

/** How long trouble has to last before people are paged, ms. */
export interface WatchTimes {
  /** Nothing is judged. Default: two minutes. */
  readonly blindAfterMs?: number;
  /** The flag can be neither read nor set. Default: five minutes. */
  readonly flagAfterMs?: number;
  /** The document cannot be used. Default: 30 seconds, in which an editor has saved it. */
  readonly documentAfterMs?: number;
}

/** What the watches look at. */
export interface WatchParts {
  readonly history: Pick<MigrationHistory, "migration" | "state" | "decide" | "problem">;
  readonly latest: () => Judgement | null;
  readonly freshness: (migration: string) => Promise<Freshness>;
  readonly now: () => number;
}

/** The watches over what Leeway itself rests on, for one migration. None of them rejects. */
export interface MigrationWatch {
  /** `problem` is what kept the last round from judging; empty for nothing. */
  readonly judging: (problem: string) => Promise<void>;
  /** `problem` is what kept the flag from being as it should; empty for nothing. */
  readonly flag: (problem: string) => Promise<void>;
  /** `problem` is what is wrong with the file of a running migration's document; empty for nothing. */
  readonly document: (problem: string) => Promise<void>;
  /** Looks whether calls come, and whether each rule sees some. Once a minute; a call in between does nothing. */
  readonly calls: () => Promise<void>;
}

const LOOK_MS = 60_000;

/** Opens the watches over `migration`. */
export const watchMigration = (migration: Migration, times: WatchTimes, parts: WatchParts): MigrationWatch => {
  const { history, latest, freshness, now } = parts;
  const { flag, target } = migration.route;
  const blind = createWatch(
    {
      key: "blind",
      afterMs: times.blindAfterMs ?? 120_000,
      began: (trouble, since) =>
        `blind since ${utcStamp(since)}: nothing is judged, no rollback can be decided; ${trouble}`,
      ended: "blind no more: ticks are judged again, those that were missed as well",
    },
    parts,
  );
  const unreachable = createWatch(
    {
      key: "flag-unreachable",
      afterMs: times.flagAfterMs ?? 300_000,
      began: (trouble, since) =>
        `since ${utcStamp(since)} ${trouble}; a rollback would not get through either: see that ${target} is up and takes the agent's token, and have another way to switch it off at hand`,
      ended: `flag ${flag} on ${target} can be reached again`,
    },
    parts,
  );
  const lost = createWatch(
    {
      key: "document",
      afterMs: times.documentAfterMs ?? 30_000,
      began: (trouble) => trouble,
      ended: "the document can be used again",
    },
    parts,
  );
  const silent = createWatch(
    {
      key: "calls-stopped",
      afterMs: 0,
      began: (trouble) =>
        `${trouble}: nothing is judged on; see whether the service is down, or its spans do not reach the collector`,
      ended: "calls come in again",
    },
    parts,
  );
  const unseen = createWatch(
    { key: "rules-unseen", afterMs: 0, began: (trouble) => trouble, ended: "every rule sees calls now" },
    parts,
  );
  const stopped = createStoppedCalls();
  let lookedAt = Number.NEGATIVE_INFINITY;

  return {
    judging: blind.look,
    document: lost.look,
    flag: async (problem) => {
      const { rollback, pagedFor } = history.state();
      // Of a rollback that does not get through people are told at once; what somebody else set is told by itself.
      const isTold = rollback !== null && !rollback.isConfirmed;
      if (isTold || history.problem() !== "") return;
      await unreachable.look(pagedFor.includes(problem) ? "" : problem);
    },
    calls: async () => {
      const state = history.state();
      // After a rollback the drain is watched, which says what it lacks.
      if (state.rollback !== null || Math.abs(now() - lookedAt) < LOOK_MS) return;
      lookedAt = now();
      const seen = await freshness(migration.name).catch(() => null);
      if (seen === null) return;
      await silent.look(stopped.look(seen, now()));
      await unseen.look(unseenRules(history.migration(), state, latest(), seen, now()));
    },
  };
};
