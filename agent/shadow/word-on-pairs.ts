import { type Identity, signature } from "../../core/identity.ts";
import type { PairWord } from "../../core/pair-word.ts";
import type { PairReport } from "../../detectors/pairs/pair-report.ts";
import { triagedKey } from "../../lifecycle/ledger-ids.ts";
import { wordsGiven } from "../../lifecycle/pair-words.ts";
import type { MigrationHistory } from "../migration-history.ts";

/** A person's word on differences that are alike. */
export interface PairWordOrder {
  /** 12 hex digits, as `leeway pairs` shows it. */
  readonly cluster: string;
  /** `name=value`; empty = in every segment. */
  readonly segment: string;
  readonly as: PairWord;
  readonly reason: string;
  readonly by: string;
  readonly identity?: Identity;
}

/** What became of it. */
export type PairWordAnswer =
  | { readonly outcome: "done"; readonly problem: string }
  | { readonly outcome: "refused"; readonly problem: string };

const isKnown = ({ segments }: PairReport, { cluster, segment }: PairWordOrder): boolean =>
  segments.some(
    (each) => (segment === "" || each.segment === segment) && each.clusters.some(({ id }) => id === cluster),
  );

/** Puts it on record. Refused for a cluster that is none of those that `report` lists. */
export const giveWord = async (
  order: PairWordOrder,
  report: PairReport,
  history: Pick<MigrationHistory, "entries" | "state" | "record">,
): Promise<PairWordAnswer> => {
  const { by, identity, ...said } = order;
  if (!isKnown(report, order))
    return { outcome: "refused", problem: "no such differences are known now; leeway pairs lists them with their ids" };
  const event = { type: "triaged", ...said, ...(identity === undefined ? {} : { identity }) } as const;
  const { since } = history.state();
  const id = triagedKey({ since }, wordsGiven(history.entries(), since) + 1);
  return { outcome: "done", problem: await history.record(event, { id, by: signature(by, identity) }) };
};
