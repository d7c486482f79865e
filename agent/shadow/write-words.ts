import type { Migration } from "../../core/migration.ts";
import type { PairRow } from "../../core/pair-row.ts";
import type { JudgedPair } from "../../store/pairs/judged-pair.ts";
import type { PairPlace } from "../../store/pairs/read-pairs.ts";
import type { Store } from "../../store/store.ts";
import { storeWithin } from "../bounded-store.ts";
import { eachMigration } from "../each-migration.ts";
import type { Job } from "../monitors/open-monitors.ts";
import type { PairSorting, PairWatch } from "./pair-watch.ts";

/** What it works with. */
export interface WriteWordsParts {
  readonly store: Pick<Store, "readPairs" | "pairWords" | "insertPairWords">;
  readonly runners: () => readonly {
    readonly migration: Pick<Migration, "name" | "stages">;
    readonly pairs: Pick<PairWatch, "sorting">;
  }[];
  /** Epoch ms. */
  readonly now: () => number;
}

/** Writes what pairs were judged to be, for whoever reads the store. */
export interface WriteWords {
  /** Goes on with each migration, a few thousand pairs at a time. Rejects with what failed; the next look goes on from there. */
  readonly look: () => Promise<void>;
}

/** Few at a time: they are sorted in the agent's own thread. */
const PAGE_ROWS = 1_000;
const PAGES = 20;
const PATIENCE_MS = 10_000;
/** All pairs are looked at anew so often, and whenever what they are judged by changed. */
const AGAIN_MS = 3_600_000;

interface Sweep {
  /** What it judges by. */
  readonly by: string;
  readonly life: string;
  readonly begun: number;
  place: PairPlace;
  isOver: boolean;
}

const keyOf = ({ pairId, segment }: Pick<JudgedPair, "pairId" | "segment">): string =>
  JSON.stringify([pairId, segment]);

const saysTheSame = (a: JudgedPair, b: JudgedPair | undefined): boolean =>
  b !== undefined && a.word === b.word && a.rule === b.rule && a.cluster === b.cluster;

/** Writes for all migrations, and has written nothing yet. What stands in the store already is not written again. */
export const createWriteWords = ({ store, runners, now }: WriteWordsParts): WriteWords => {
  const sweeps = new Map<string, Sweep>();

  const sweepOf = (name: string, sorting: PairSorting): Sweep => {
    const known = sweeps.get(name);
    // A sweep that is under way comes to its end first: what changes at every minute would never let it.
    const isDue = known?.isOver === true && (known.by !== sorting.by || now() - known.begun >= AGAIN_MS);
    if (known !== undefined && known.life === sorting.life && !isDue) return known;
    const created: Sweep = {
      ...{ by: sorting.by, life: sorting.life, begun: now(), isOver: false },
      place: { receivedMs: sorting.since, id: "" },
    };
    sweeps.set(name, created);
    return created;
  };

  const judgedOf = (migration: string, rows: readonly PairRow[], sorting: PairSorting): readonly JudgedPair[] =>
    rows
      .filter(({ kind, outcome }) => kind === "candidate" && outcome === "paired")
      .flatMap((row) =>
        sorting.sort(row).map(({ segment, class: word, rule, cluster }) => ({
          ...{ migration, pairId: row.id, receivedMs: row.received_ms, segment, word, rule, cluster, judgedMs: now() },
        })),
      );

  const writePage = async (migration: string, rows: readonly PairRow[], sorting: PairSorting): Promise<void> => {
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return;
    const request = { migration, fromMs: first.received_ms, untilMs: last.received_ms };
    const written = await storeWithin(PATIENCE_MS, store.pairWords(request));
    const known = new Map(written.map((word) => [keyOf(word), word]));
    const fresh = judgedOf(migration, rows, sorting).filter((word) => !saysTheSame(word, known.get(keyOf(word))));
    await storeWithin(PATIENCE_MS, store.insertPairWords(fresh));
  };

  const one = async (migration: string, sorting: PairSorting): Promise<void> => {
    const sweep = sweepOf(migration, sorting);
    for (let page = 0; page < PAGES; page += 1) {
      const request = { migration, after: sweep.place, limit: PAGE_ROWS };
      const rows = await storeWithin(PATIENCE_MS, store.readPairs(request));
      await writePage(migration, rows, sorting);
      const last = rows.at(-1);
      if (last !== undefined) sweep.place = { receivedMs: last.received_ms, id: last.id };
      if (rows.length === PAGE_ROWS) continue;
      sweep.isOver = true;
      return;
    }
  };

  return {
    look: () =>
      eachMigration(runners(), async ({ migration, pairs }) => {
        const sorting = migration.stages.some(({ kind }) => kind === "shadow") ? pairs.sorting() : null;
        if (sorting !== null) await one(migration.name, sorting);
      }),
  };
};

/** It as a job of the schedule. */
export const writeWordsJob = ({ look }: WriteWords): Job => ({
  name: "writing down what pairs are",
  cron: "35 * * * * *",
  work: look,
});
