import { sharedRun } from "../../async/shared-run.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { PairRow } from "../../core/pair-row.ts";
import { DEFAULT_SHADOW } from "../../core/shadow.ts";
import type { ShadowEvidence } from "../../core/verdict.ts";
import type { ReadPair } from "../../detectors/pairs/judge/judge-record.ts";
import type { ClusterOverride } from "../../detectors/pairs/pair-clusters.ts";
import { createPairFold, type PairFold } from "../../detectors/pairs/pair-fold.ts";
import type { PairReport } from "../../detectors/pairs/pair-report.ts";
import type { SortedPair } from "../../detectors/pairs/sort-pair.ts";
import { labelOf, labelsOf, type PairLabels } from "../../lifecycle/labels.ts";
import type { PairPlace, PairRequest } from "../../store/pairs/read-pairs.ts";
import type { MigrationHistory } from "../migration-history.ts";
import { createLabelSample, type LabelSample } from "./label-sample.ts";

/** Reads what the pairs of a migration say, as they come in. */
export interface PairWatch {
  /** Reads what is new; bounded, so that a round stays short. Rejects with the store's error. */
  readonly look: () => Promise<void>;
  /** What the gate of a shadow stage goes by. */
  readonly evidence: () => ShadowEvidence;
  /** Everything that is known of them now. */
  readonly report: () => PairReport;
  /** The pairs that people are asked about. */
  readonly sample: () => Pick<LabelSample, "get" | "drawn">;
  /** How pairs are sorted now; null while they are being read. */
  readonly sorting: () => PairSorting | null;
}

/** How the pairs of a migration are sorted at a moment. */
export interface PairSorting {
  /** Another text in every life, and after a revision of what the shadow is held against. */
  readonly life: string;
  /** Another text whenever what they are sorted by has changed much. */
  readonly by: string;
  /** Its pairs came in since then, epoch ms. */
  readonly since: number;
  readonly sort: (row: PairRow) => readonly SortedPair[];
}

/** What a watch works with. */
export interface PairWatchParts {
  readonly history: Pick<MigrationHistory, "migration" | "state" | "entries">;
  readonly readPairs: (request: PairRequest) => Promise<readonly PairRow[]>;
  /** Epoch ms. */
  readonly now: () => number;
}

const PAGE_ROWS = 5_000;
const PAGES = 8;

/** Rows that came in no longer ago may have ones before them that are not stored yet. */
const SETTLE_MS = 10_000;
/** So far back, and so often, it is looked for rows that were stored late: an agent's store was away. */
const LATE_MS = 900_000;
const LATE_EVERY_MS = 300_000;

interface Life {
  readonly of: string;
  readonly fold: PairFold;
  place: PairPlace;
  /** Ids of the rows of the last LATE_MS, by when they came in. */
  readonly recent: Map<string, number>;
  lateAt: number;
  isBehind: boolean;
  /** Rows so far. */
  rows: number;
  readonly sample: LabelSample;
  reported: { readonly of: string; readonly report: PairReport } | null;
}

const foldOf = ({ shadow = DEFAULT_SHADOW }: Migration): PairFold =>
  createPairFold({
    limit: shadow.limit,
    novel: shadow.novel,
    critical: shadow.critical.map(({ audience, limit }) => ({
      name: audience.segment,
      values: audience.values,
      limit,
    })),
  });

/** The newest word on each cluster first. */
const wordsOf = (entries: readonly LedgerEntry[], since: number): readonly ClusterOverride[] =>
  entries
    .flatMap(({ at, event }): readonly ClusterOverride[] =>
      event.type === "triaged" && at >= since
        ? [{ cluster: event.cluster, segment: event.segment, class: event.as }]
        : [],
    )
    .toReversed();

/** What people said of pairs that are folded; of a pair that is gone nothing can be made. */
const readPairsOf = (labels: readonly PairLabels[], sample: LabelSample): readonly ReadPair[] =>
  labels.flatMap((each) => {
    const [row, word] = [sample.get(each.pair), labelOf(each)];
    if (row === null || word === null) return [];
    sample.add(row, true);
    return [{ row, word }];
  });

/** A watch that has read nothing. A revision of what the shadow is held against, and a new life, begin anew. */
export const createPairWatch = ({ history, readPairs, now }: PairWatchParts): PairWatch => {
  let life: Life | null = null;

  const current = (): Life => {
    const migration = history.migration();
    const { since } = history.state();
    const of = JSON.stringify([since, migration.shadow?.limit, migration.shadow?.critical, migration.shadow?.novel]);
    if (life?.of === of) return life;
    life = {
      ...{ of, fold: foldOf(migration), place: { receivedMs: since, id: "" }, recent: new Map(), lateAt: now() },
      ...{ isBehind: true, rows: 0, reported: null, sample: createLabelSample() },
    };
    return life;
  };

  const take = (into: Life, rows: readonly PairRow[]): void => {
    const labelled = new Set(labelsOf(history.entries()).map(({ pair }) => pair));
    for (const row of rows) {
      if (into.recent.has(row.id)) continue;
      into.recent.set(row.id, row.received_ms);
      into.fold.add(row);
      into.sample.add(row, labelled.has(row.id));
      into.rows += 1;
    }
    const until = into.place.receivedMs - LATE_MS - SETTLE_MS;
    for (const [id, at] of into.recent) if (at < until) into.recent.delete(id);
  };

  /** From `from` on, page by page; where it stopped, and whether that is the end. */
  const readFrom = async (
    into: Life,
    from: PairPlace,
  ): Promise<{ readonly place: PairPlace; readonly isEnd: boolean }> => {
    let place = from;
    for (let page = 0; page < PAGES; page += 1) {
      const rows = await readPairs({ migration: history.migration().name, after: place, limit: PAGE_ROWS });
      take(into, rows);
      const last = rows.at(-1);
      if (last !== undefined) place = { receivedMs: last.received_ms, id: last.id };
      if (rows.length < PAGE_ROWS) return { place, isEnd: true };
    }
    return { place, isEnd: false };
  };

  const settled = (place: PairPlace): PairPlace => {
    const before = now() - SETTLE_MS;
    return place.receivedMs > before ? { receivedMs: before, id: "" } : place;
  };

  const read = (): PairReport => {
    const at = current();
    const words = wordsOf(history.entries(), history.state().since);
    const labels = labelsOf(history.entries());
    const of = `${at.rows} ${words.length} ${labels.reduce((sum, each) => sum + each.words.length, 0)}`;
    if (at.reported?.of !== of)
      at.reported = { of, report: at.fold.report({ clusters: words, labels: readPairsOf(labels, at.sample) }) };
    return at.reported.report;
  };

  const evidence = (): ShadowEvidence =>
    current().isBehind
      ? { outcome: "undecided", reason: `the pairs so far are being read: ${current().rows}` }
      : read().evidence;

  const look = sharedRun(async (): Promise<void> => {
    const at = current();
    const { place, isEnd } = await readFrom(at, at.place).catch((error: unknown) => {
      at.isBehind = true;
      throw error;
    });
    at.place = isEnd ? settled(place) : place;
    at.isBehind = !isEnd;
    if (!isEnd || now() - at.lateAt < LATE_EVERY_MS) return;
    at.lateAt = now();
    await readFrom(at, { receivedMs: at.place.receivedMs - LATE_MS, id: "" });
  });

  return {
    look,
    evidence,
    report: () => ({ ...read(), evidence: evidence() }),
    sample: () => current().sample,
    sorting: () => {
      const at = current();
      if (at.isBehind) return null;
      const { since } = history.state();
      const words = wordsOf(history.entries(), since);
      return { life: at.of, by: JSON.stringify([at.fold.version(), words]), since, sort: at.fold.sorter(words) };
    },
  };
};
