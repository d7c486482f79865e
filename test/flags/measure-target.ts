import { isDeepStrictEqual } from "node:util";
import { createFlagPace } from "../../agent/flag-pace.ts";
import { flip } from "../../alerts/flip.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import { reconcile } from "../../alerts/reconcile.ts";
import { quantile } from "../../bench/instrumentation/quantile.ts";
import type { FlipResult } from "../../core/flag.ts";
import type { FlagUnderTest } from "../alerts/flags/flag-contract.ts";
import { recordingLedger } from "../alerts/recording-ledger.ts";
import { recordingLog } from "../alerts/recording-log.ts";

/** One cell of the table: what is shown, and whether it is as it should be. */
export interface Cell {
  readonly text: string;
  readonly ok: boolean;
}

/** What is measured of a target, as columns in their order. */
export interface Measured {
  readonly flip: Cell;
  readonly readBack: Cell;
  readonly conflict: Cell;
  readonly outage: Cell;
  readonly lie: Cell;
  readonly neighbours: Cell;
}

const FLIPS = 20;
const OUTAGE_MS = 30 * 60_000;
const ROUND_MS = 5_000;
/** Longest that a rollback waits with the next try, and one round. */
const BACK_WITHIN_MS = 20_000;

const NOT_HERE: Cell = { text: "-", ok: true };
const yesNo = (ok: boolean, text = ok ? "yes" : "NO"): Cell => ({ text, ok });

/** A clock that only waiting moves. */
const injectedClock = (): { readonly now: () => number; readonly wait: (ms: number) => Promise<void> } => {
  let at = Date.UTC(2026, 10, 30);
  return {
    now: () => at,
    wait: async (ms) => {
      at += ms;
    },
  };
};

const ledgerOf = () => createLedgerWriter({}, { appendLedger: recordingLedger().append, log: recordingLog() });
const request = (share: number) => ({ migration: "m", incident: "i", action: `to-${share}`, by: "agent", share });

/** Shares that it can serve: a small and a large one. */
const sharesOf = ({ flag }: FlagUnderTest): readonly [number, number] =>
  flag.capabilities.shareStep >= 1 ? [1, 1] : [0.05, 0.5];

const flipTo = async (under: FlagUnderTest, share: number, guard: { revision: string } | null): Promise<FlipResult> =>
  flip({ ...request(share), guard, from: 1 }, { flag: under.flag, ledger: ledgerOf(), now: Date.now });

const serveHalf = async (under: FlagUnderTest): Promise<void> => {
  await under.reset();
  await under.setByHand(sharesOf(under)[1]);
};

const flips = async (under: FlagUnderTest): Promise<Pick<Measured, "flip" | "readBack">> => {
  const times: number[] = [];
  let confirmed = 0;
  for (let each = 0; each < FLIPS; each += 1) {
    await serveHalf(under);
    const state = await under.flag.read();
    const started = performance.now();
    const result = await flipTo(under, 0, "revision" in state && under.flag.capabilities.guards ? state : null);
    times.push(performance.now() - started);
    if (result.outcome === "confirmed" && (await under.served()) === 0) confirmed += 1;
  }
  const [p50, p95] = [0.5, 0.95].map((share) => quantile(times, share).toFixed(1));
  return { flip: { text: `${p50} / ${p95}`, ok: true }, readBack: yesNo(confirmed === FLIPS, `${confirmed}/${FLIPS}`) };
};

const conflict = async (under: FlagUnderTest): Promise<Cell> => {
  const [small, large] = sharesOf(under);
  await under.reset();
  const stale = await under.flag.read();
  await under.setByHand(large);
  if (!("revision" in stale)) return yesNo(false);
  const result = await flipTo(under, small === large ? 0 : small, stale);
  const left = await under.flag.read();
  return yesNo(result.outcome === "failed" && result.why === "conflict" && "share" in left && left.share === large);
};

/**
 * Half an hour in which nothing of the system answers, with the rounds, the pace and the clock that the agent has; then it is back,
 * serving what it served, and has to be off soon.
 */
const outage = async (under: FlagUnderTest): Promise<Cell> => {
  const down = under.situations.find(({ why, fails = "both" }) => why === "transient" && fails === "both");
  if (down === undefined) return NOT_HERE;
  await serveHalf(under);
  down.arrange();
  const { now, wait } = injectedClock();
  const pace = createFlagPace(under.flag, now);
  const ledger = ledgerOf();
  const settings = { readbackMs: 0 };
  const wanted = { ...request(0), latched: true, lastSet: { share: sharesOf(under)[1] } };
  let tries = 0;
  const round = async (): Promise<boolean> => {
    await wait(ROUND_MS);
    if (pace.resting(wanted.action) !== null) return false;
    tries += 1;
    const result = await reconcile(wanted, { flag: under.flag, ledger, now, wait, settings });
    const isDone = result.outcome === "flipped" && result.result.outcome === "confirmed";
    const asked =
      result.outcome === "flipped" && result.result.outcome === "failed" ? result.result.retryAfterMs : null;
    pace.answered(wanted, isDone ? "" : "down", asked);
    return isDone;
  };
  for (const end = now() + OUTAGE_MS; now() < end; ) if (await round()) return yesNo(false, "SAID DONE");
  await serveHalf(under);
  for (const back = now(); now() - back <= BACK_WITHIN_MS; )
    if (await round())
      return yesNo((await under.served()) === 0, `off ${(now() - back) / 1000} s after, ${tries} tries`);
  return yesNo(false, "STILL ON");
};

const lie = async (under: FlagUnderTest): Promise<Cell> => {
  if (under.lie === null) return NOT_HERE;
  await serveHalf(under);
  under.lie();
  const { now, wait } = injectedClock();
  const result = await flip({ ...request(0), guard: null }, { flag: under.flag, ledger: ledgerOf(), now, wait });
  return yesNo(result.outcome !== "confirmed", result.outcome === "confirmed" ? "BELIEVED" : "found out");
};

const neighbours = async (under: FlagUnderTest): Promise<Cell> => {
  await under.reset();
  const before = structuredClone(await under.neighbours());
  const [small, large] = sharesOf(under);
  for (const share of [small, large, 0, large, 0]) await flipTo(under, share, null);
  const isSame = isDeepStrictEqual(await under.neighbours(), before);
  return yesNo(isSame, isSame ? "untouched" : "TOUCHED");
};

/** Measures one target with the agent's own flip, reconciling and pace. It is closed afterwards. */
export const measureTarget = async (under: FlagUnderTest): Promise<Measured> => {
  try {
    return {
      ...(await flips(under)),
      conflict: await conflict(under),
      outage: await outage(under),
      lie: await lie(under),
      neighbours: await neighbours(under),
    };
  } finally {
    await under.reset().catch(() => undefined);
    await under.close();
  }
};
