import type { KnownRow } from "../core/span-row.ts";
import type { Place } from "./append-once.ts";
import { createCallMemory, type Seen, type Told } from "./covered/call-memory.ts";
import { findCall, isKnown, keysOf } from "./covered/find-call.ts";
import { type CallFacts, factsOf, type SeenCall } from "./covered/same-call.ts";
import { worthOf } from "./covered/worth-of.ts";

/** A span that makes a better row than the one its call has, which may wait for the store still. */
export interface BetterSpan<Call> {
  readonly call: Call;
  /** Key of the row that is to give way, and where it was put. */
  readonly insteadOf: string;
  readonly place: Place;
}

/** How the rows of some calls fared. */
export interface Fared<Call extends SeenCall> {
  /** Where each row that was written is. */
  readonly written: ReadonlyMap<Call["row"], Place>;
  /** The rows that could not be written and are nowhere. */
  readonly lost: ReadonlySet<Call["row"]>;
  /** Of `better`, those that stand in for their call's row now. */
  readonly exchanged: ReadonlySet<Call>;
}

/** The calls of one request by what is to become of them; the others have a row, or are in `rows` by a better span. */
export interface SortedCalls<Call extends SeenCall> {
  /** Those that are to be rows, in their order. */
  readonly rows: readonly Call[];
  /** The spans that came after their call's row and would make a better one. */
  readonly better: readonly BetterSpan<Call>[];
  /** Those of calls that another request is writing, to be sorted again when `ready` resolves. */
  readonly waiting: readonly Call[];
  readonly ready: () => Promise<void>;
  /** Says how it went. Has to be called once, before anything is waited for that other requests do. */
  readonly settle: (fared: Fared<Call>) => void;
}

/** Recognises the spans that several instrumentations made of one call. */
export interface CoveredCalls {
  /**
   * Sorts the calls of one request. Of two spans of one call in one request ours is the row, or else the one that says more; of
   * one that comes later nothing becomes a row, but in the place of the earlier one. Yields after each.
   */
  readonly sort: <Call extends SeenCall>(calls: readonly Call[]) => Generator<void, SortedCalls<Call>>;
  /** Takes rows in that are known to be stored, or about to be. */
  readonly learn: (rows: Iterable<KnownRow>) => void;
  /** Better spans that came when their call's row was on its way to the store, or stored. */
  readonly tooLate: () => number;
  /** Spans forgotten within a minute, because there were so many: another one of their call becomes a second row. */
  readonly forgottenEarly: () => number;
}

/** What becomes of a span, given the call that it is of. */
type Fate = "row" | "better" | "too-late" | "waits" | "covered";

const fateOf = (seen: Seen, worth: number, { isNew, isMine }: { isNew: boolean; isMine: boolean }): Fate => {
  const { facts, of } = seen;
  if (of.row === facts && !of.isLost) return "row";
  // Another attempt of ours is a call of its own as soon as the row is one of our attempts, too.
  const isAttempt = isNew && of.scopes.has(facts.scope);
  if (of.writing !== null && (!isMine || isAttempt)) return "waits";
  if (of.isLost) return "row";
  if (!isNew || isMine || worth <= of.worth) return "covered";
  return of.place === null ? "too-late" : "better";
};

const newCall = (row: CallFacts, worth: number): Told => ({
  ...{ row, worth, scopes: new Set([row.scope]) },
  ...{ place: null, writing: null, isLost: false },
});

/**
 * Creates the memory, of at most `maxEntries` spans, each once or twice; the older half of them is forgotten. It is made for
 * instrumentations that send within seconds of each other. `now` is epoch ms.
 */
export const createCoveredCalls = (maxEntries: number, now: () => number): CoveredCalls => {
  const memory = createCallMemory(maxEntries, now);
  let tooLate = 0;

  /** Works on one request: what it writes, nobody else decides about until it has settled. */
  const createRound = <Call extends SeenCall>() => {
    const { promise: done, resolve: end } = Promise.withResolvers<void>();
    const rows = new Set<Call>();
    const firsts = new Map<Call, Told>();
    const better = new Map<Call, { readonly facts: CallFacts; readonly worth: number; readonly of: Told }>();
    const waiting = new Set<Call>();
    const others = new Set<Promise<void>>();
    const mine = new Set<Told>();

    const write = (of: Told): void => {
      mine.add(of);
      of.writing = done;
    };
    const remember = (seen: Seen): void => {
      seen.of.scopes.add(seen.facts.scope);
      memory.add(keysOf(seen.facts), seen);
    };
    const judge = (call: Call): void => {
      const found = factsOf(call);
      const worth = worthOf(call);
      // Sent again: it stays what it was, and the duplicate filter knows of it.
      const { again, of: known } = findCall(memory, found);
      const facts = again?.facts ?? found;
      const of = known ?? newCall(facts, worth);
      const seen = again ?? { facts, of };
      const fate = fateOf(seen, worth, { isNew: again === null, isMine: mine.has(of) });
      if (fate === "waits") {
        waiting.add(call);
        if (of.writing !== null && !mine.has(of)) others.add(of.writing);
        return;
      }
      if (again === null) remember(seen);
      if (fate === "too-late") tooLate += 1;
      if (fate === "better") {
        better.set(call, { facts, worth, of });
        write(of);
      }
      if (fate !== "row") return;
      rows.add(call);
      if (known === null || of.isLost) {
        firsts.set(call, of);
        Object.assign(of, { row: facts, worth, isLost: false });
        write(of);
      }
    };
    const settle = ({ written, lost, exchanged }: Fared<Call>): void => {
      for (const [{ row }, of] of firsts) {
        of.place = written.get(row) ?? null;
        of.isLost = lost.has(row);
      }
      for (const [call, { facts, worth, of }] of better) {
        if (exchanged.has(call)) Object.assign(of, { row: facts, worth });
        else {
          // what was too late once stays so
          of.place = null;
          tooLate += 1;
        }
      }
      for (const of of mine) of.writing = null;
      end();
    };
    const sorted = (calls: readonly Call[]): SortedCalls<Call> => ({
      rows: calls.filter((call) => rows.has(call)),
      better: [...better].flatMap(
        ([
          call,
          {
            of: { row, place },
          },
        ]) => (place === null ? [] : [{ call, insteadOf: row.trace + row.span, place }]),
      ),
      waiting: calls.filter((call) => waiting.has(call)),
      ready: async () => void (await Promise.all(others)),
      settle,
    });
    return { judge, sorted };
  };

  return {
    *sort<Call extends SeenCall>(calls: readonly Call[]) {
      const round = createRound<Call>();
      const byWorth = [...Map.groupBy(calls, worthOf)].sort(([one], [other]) => other - one);
      for (const call of byWorth.flatMap(([, alike]) => alike)) {
        round.judge(call);
        yield;
      }
      return round.sorted(calls);
    },
    learn(rows) {
      for (const row of rows) {
        // what its span said of itself is not in the row, and most say that they are calls
        const facts = factsOf({ row, covers: "", isSaid: true });
        if (!isKnown(memory, facts)) memory.add(keysOf(facts), { facts, of: newCall(facts, Number.POSITIVE_INFINITY) });
      }
    },
    tooLate: () => tooLate,
    forgottenEarly: memory.forgottenEarly,
  };
};
