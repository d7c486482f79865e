import { createHash } from "node:crypto";
import type { PairRow } from "../../core/pair-row.ts";

/** The pairs that people are asked about, drawn at random, and those that they have read. */
export interface LabelSample {
  /** Takes a folded row in; `isLabelled`: somebody has read it, so that it stays. */
  readonly add: (row: PairRow, isLabelled: boolean) => void;
  readonly get: (id: string) => PairRow | null;
  /** Those to be read, in the order in which they are asked. */
  readonly drawn: () => readonly PairRow[];
}

/** Pairs kept of those a judge has read, and of the others. */
const KEPT = 500;

/** As good as a random number that nobody chose, and the same for everybody at every time. */
const lotOf = (id: string): string => createHash("sha256").update(`label ${id}`).digest("hex").slice(0, 16);

interface Drawn {
  readonly lot: string;
  readonly row: PairRow;
}

/** Whether a person's word on it can tell anything: the same answer twice needs none. */
const isAsked = ({ kind, outcome, numbers }: PairRow): boolean =>
  kind === "candidate" && outcome === "paired" && numbers.equal_normalised !== 1;

/**
 * An empty sample. Every pair has a lot by its id; the lowest ones are asked first, so that at every moment what was asked is a
 * random part of the pairs there were, whoever sent them when.
 */
export const createLabelSample = (): LabelSample => {
  const judged: Drawn[] = [];
  const others: Drawn[] = [];
  const labelled = new Map<string, PairRow>();
  const put = (into: Drawn[], drawn: Drawn): void => {
    const last = into[KEPT - 1];
    if (last !== undefined && drawn.lot >= last.lot) return;
    const at = into.findIndex(({ lot }) => drawn.lot < lot);
    into.splice(at < 0 ? into.length : at, 0, drawn);
    into.length = Math.min(into.length, KEPT);
  };
  const all = (): readonly Drawn[] => [...judged, ...others];
  return {
    add: (row, isLabelled) => {
      if (isLabelled) labelled.set(row.id, row);
      else if (isAsked(row)) put(row.labels.judge === undefined ? others : judged, { lot: lotOf(row.id), row });
    },
    get: (id) => labelled.get(id) ?? all().find(({ row }) => row.id === id)?.row ?? null,
    drawn: () => all().map(({ row }) => row),
  };
};
