import { type Attempt, attemptsOf, type Entries, type Kind } from "./attempts.ts";
import type { Canaries } from "./canaries.ts";

/** How one attempt ended: `answered` without an error, or refused with the text of one. */
export interface Reply {
  readonly answered: boolean;
  readonly text: string;
}

/** Whoever is attempted: asks one thing and tells the replies, one per way of asking. */
export type Ask = (attempt: Attempt) => Promise<readonly Reply[]>;

/** An attempt that did harm. */
export interface Harm {
  readonly attempt: Attempt;
  readonly harm: "read" | "written" | "reached";
}

/** What became of the attempts of one kind. */
export interface KindResult {
  readonly kind: Kind;
  readonly entries: number;
  readonly asked: number;
  readonly refused: number;
  readonly answered: number;
  readonly harms: readonly Harm[];
  /** Answers that were not refused, by entry. */
  readonly answeredEntries: ReadonlySet<string>;
}

const KINDS: readonly Kind[] = [
  "table function",
  "function",
  "format",
  "setting",
  "system table",
  "engine",
  "statement",
];

const runKind = async (kind: Kind, attempts: readonly Attempt[], canaries: Canaries, ask: Ask): Promise<KindResult> => {
  const harms: Harm[] = [];
  const answeredEntries = new Set<string>();
  let [asked, answered] = [0, 0];
  for (const attempt of attempts) {
    for (const reply of await ask(attempt)) {
      asked += 1;
      if (reply.answered) {
        answered += 1;
        answeredEntries.add(attempt.entry);
      }
      const harm = canaries.harm(reply.text);
      if (harm !== null) harms.push({ attempt, harm });
    }
  }
  const entries = new Set(attempts.map(({ entry }) => entry)).size;
  return { kind, entries, asked, answered, refused: asked - answered, harms, answeredEntries };
};

/** Tries everything, one after the other, so that what was done to a canary is known to be of the attempt before. */
export const runCorpus = async (entries: Entries, canaries: Canaries, ask: Ask): Promise<readonly KindResult[]> => {
  const attempts = Map.groupBy(attemptsOf(entries, canaries), ({ kind }) => kind);
  const results: KindResult[] = [];
  for (const kind of KINDS) results.push(await runKind(kind, attempts.get(kind) ?? [], canaries, ask));
  return results;
};
