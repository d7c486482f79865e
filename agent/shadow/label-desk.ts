import { createHash } from "node:crypto";
import { type Identity, signature } from "../../core/identity.ts";
import { type BlindWord, unblinded } from "../../core/label-word.ts";
import type { PairRow } from "../../core/pair-row.ts";
import { labelsOf } from "../../lifecycle/labels.ts";
import { labelledKey } from "../../lifecycle/ledger-ids.ts";
import type { BlindPair, LabelQuestion, LabelsDone } from "../../status/label-view.ts";
import { messagesText } from "../../status/messages-text.ts";
import type { ContentDesk } from "../content-desk.ts";
import type { MigrationHistory } from "../migration-history.ts";
import type { LabelSample } from "./label-sample.ts";

/** A person, as the ledger has them. */
export interface Reader {
  readonly by: string;
  readonly identity?: Identity;
}

/** A person's word on a pair. */
export interface LabelOrder extends Reader {
  readonly pair: string;
  readonly word: BlindWord;
}

/** What became of it. */
export type LabelAnswer =
  | { readonly outcome: "done"; readonly problem: string }
  | { readonly outcome: "refused"; readonly problem: string };

/** Asks people about pairs, and takes their words. */
export interface LabelDesk {
  /** A pair that nobody has read and nobody else is reading. Rejects with the store's error. */
  readonly next: (reader: Reader) => Promise<LabelQuestion>;
  readonly take: (order: LabelOrder) => Promise<LabelAnswer>;
}

/** What a desk works with. */
export interface LabelDeskParts {
  readonly history: Pick<MigrationHistory, "entries" | "state" | "record">;
  readonly sample: () => Pick<LabelSample, "get" | "drawn">;
  readonly content: Pick<ContentDesk, "ofPair">;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A pair that somebody was shown is nobody else's for so long. */
const RESERVED_MS = 600_000;
/** Pairs whose content is looked for in one request; where it was missing it is looked for again after a while. */
const MOST_LOOKS = 25;
const MISSING_MS = 60_000;

/** Which answer a person is shown first: by pair and person, the same each time. */
const aIsCandidate = (pair: string, by: string): boolean =>
  (createHash("sha256").update(`order ${pair} ${by}`).digest()[0] ?? 0) % 2 === 0;

const doneOf = (labels: ReturnType<typeof labelsOf>, by: string): LabelsDone => ({
  yours: labels.filter(({ words }) => words.some((each) => each.by === by)).length,
  all: labels.length,
});

/** A desk where nobody is reading yet. */
export const createLabelDesk = ({ history, sample, content, now }: LabelDeskParts): LabelDesk => {
  const reserved = new Map<string, { readonly by: string; readonly until: number }>();
  const missing = new Map<string, number>();

  const isFree = (pair: string, by: string): boolean => {
    const held = reserved.get(pair);
    return held === undefined || held.by === by || held.until <= now();
  };

  const blindOf = async (pair: PairRow, by: string): Promise<BlindPair | null> => {
    const { served, second } = await content.ofPair(pair);
    if (served.state !== "there" || second.state !== "there") return null;
    const [one, two] = aIsCandidate(pair.id, by) ? [second, served] : [served, second];
    const isCut = (names: readonly string[]): boolean => names.length > 0;
    return {
      pair: pair.id,
      asked: messagesText(
        [{ role: "system", parts: served.system }, ...served.messages].slice(served.system.length > 0 ? 0 : 1),
        true,
      ),
      ...{ a: messagesText(one.output, false), b: messagesText(two.output, false) },
      isShortened: isCut(served.truncated) || isCut(second.truncated),
    };
  };

  return {
    next: async ({ by: name, identity }) => {
      const by = signature(name, identity);
      const labels = labelsOf(history.entries());
      const read = new Set(labels.map(({ pair }) => pair));
      const done = doneOf(labels, by);
      const open = sample()
        .drawn()
        .filter(({ id }) => !read.has(id) && isFree(id, by) && (missing.get(id) ?? 0) <= now());
      for (const pair of open.slice(0, MOST_LOOKS)) {
        // reserved before it is looked for: two who ask at once get two pairs
        if (!isFree(pair.id, by)) continue;
        reserved.set(pair.id, { by, until: now() + RESERVED_MS });
        const blind = await blindOf(pair, by).catch((error: unknown) => {
          reserved.delete(pair.id);
          throw error;
        });
        if (blind !== null) return { schema: "leeway.label/1", question: blind, done, reason: "" };
        reserved.delete(pair.id);
        missing.set(pair.id, now() + MISSING_MS);
      }
      const reason =
        open.length > MOST_LOOKS
          ? `${MOST_LOOKS} pairs were looked at and none has its content; ask again for the next ones`
          : "no pair is left that differs, has its content on both sides, and is read by nobody";
      return { schema: "leeway.label/1", question: null, done, reason };
    },
    take: async ({ pair, word, by: name, identity }) => {
      const by = signature(name, identity);
      if (sample().get(pair) === null)
        return { outcome: "refused", problem: `${pair}: no such pair is to be read now, or it is gone` };
      const before = labelsOf(history.entries()).find((each) => each.pair === pair);
      if (before?.words.some((each) => each.by === by) === true)
        return { outcome: "refused", problem: `${by} has read ${pair} already; the first word counts` };
      const isCandidateFirst = aIsCandidate(pair, by);
      const event = {
        ...({ type: "labelled", pair, word: unblinded(word, isCandidateFirst) } as const),
        first: isCandidateFirst ? ("candidate" as const) : ("baseline" as const),
        ...(identity === undefined ? {} : { identity }),
      };
      const { since } = history.state();
      return { outcome: "done", problem: await history.record(event, { id: labelledKey({ since }, pair, by), by }) };
    },
  };
};
