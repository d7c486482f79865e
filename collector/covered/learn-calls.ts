import { type KnownRow, SPAN_COLUMNS } from "../../core/span-row.ts";
import type { CollectorCollaborators } from "../collaborators.ts";
import type { CoveredCalls } from "../covered-calls.ts";
import { keepAsking } from "../keep-asking.ts";

/** Senders that could not reach the agent try again for minutes; more calls than this are more than a start should wait for. */
const SINCE_MS = 900_000;
const MAX_CALLS = 20_000;

type Learner = Pick<CoveredCalls, "learn">;

const cellsOf = (line: string): readonly unknown[] => {
  const cells: unknown = JSON.parse(line);
  return Array.isArray(cells) ? cells : [];
};

/** The row in a line of the spool, which encodeSpanRow made; versions that moved no call in time wrote no skew. */
const rowOf = (line: string): KnownRow => {
  const cells = cellsOf(line);
  const known = SPAN_COLUMNS.map((column, index) => [column, cells[index]] as const);
  const row = Object.fromEntries(known.filter(([, cell]) => cell !== undefined));
  return { clock_skew_ms: 0, ...row } as unknown as KnownRow;
};

/** Takes note of the newest calls that an earlier run left on disk: a function of each of their lines, newest first. */
export const learnLeftovers = (covered: Learner): ((line: string) => void) => {
  let left = MAX_CALLS;
  return (line) => {
    if (left === 0) return;
    left -= 1;
    covered.learn([rowOf(line)]);
  };
};

/** Takes note of the newest calls in the store. Returns what ends the background work. */
export const learnStored = (covered: Learner, collaborators: CollectorCollaborators): Promise<() => void> =>
  keepAsking(
    async () => covered.learn(await collaborators.recentCalls(collaborators.now() - SINCE_MS, MAX_CALLS)),
    "recent calls are not known yet, other instrumentations' spans of them may become rows",
    collaborators,
  );
