import { createClockVote } from "./clock-vote.ts";

/** What happened when the machine's clock was set while the agent ran. */
export interface ClockStep {
  /** When it was noticed, by the agent's clock, epoch ms. */
  readonly at: number;
  /** How far the machine's clock lies ahead of the agent's (behind: negative) while it is not followed, else how far it was set, ms. */
  readonly byMs: number;
  /** `watched`: not decided; `passed`: it was set back; `held`: not believed, because calls arrive that contradict it; `followed`: taken over. */
  readonly standing: "watched" | "passed" | "held" | "followed";
}

/** The agent's idea of the time. */
export interface SteadyClock {
  /** Epoch ms, whole. Never goes back by less than a minute, and further only where the machine's clock is believed. */
  readonly now: () => number;
  /** Hears of a call that arrives at this moment and ended at `endMs` by its sender's clock. */
  readonly heard: (endMs: number) => void;
  /** The newest step of the machine's clock; null before the first. */
  readonly step: () => ClockStep | null;
}

/** What a clock is read from; both in ms. */
export interface ClockSources {
  /** The machine's clock, epoch ms: anybody may set it. */
  readonly wall: () => number;
  /** Counts up from anywhere, and nobody can set it. */
  readonly monotonic: () => number;
}

/** A machine's clock that differs from the steady one by less than this is kept in time, not set. */
export const STEP_MS = 1_000;

/** How long a machine's clock that was set has to stay so before it may be believed. */
export const HOLD_MS = 30_000;

/** A clock that was set back by less than this is waited for: nothing that was judged lies in the future for long. */
export const PATIENCE_MS = 60_000;

/**
 * A clock that follows the machine's as long as nobody sets it. When somebody does, it goes on by the monotonic clock:
 * a tick that is judged ahead of its time is judged without its calls, and once stored it keeps them from being judged.
 * A new time that stays is taken over, unless the calls that arrive meanwhile contradict it (see ClockVote): then the
 * machine is wrong, and the steady clock goes on.
 */
export const createSteadyClock = ({ wall, monotonic }: ClockSources): SteadyClock => {
  let offset = wall() - monotonic();
  let last = Number.NEGATIVE_INFINITY;
  let step: ClockStep | null = null;
  let pending: { readonly byMs: number; since: number; vote: ReturnType<typeof createClockVote> } | null = null;

  // Whole ms, as the ledger and the names of files keep them: what is written and what is read back have to be the same.
  const steady = (): number => Math.floor(monotonic() + offset);

  const notice = (byMs: number): NonNullable<typeof pending> => {
    step = { at: steady(), byMs, standing: "watched" };
    return { byMs, since: monotonic(), vote: createClockVote() };
  };

  const follow = (wallMs: number, byMs: number): void => {
    offset = wallMs - monotonic();
    step = { at: wallMs, byMs, standing: "followed" };
    pending = null;
  };

  /** Not believed; asked again after the next calls. */
  const hold = (byMs: number): void => {
    step = { at: step?.at ?? steady(), byMs, standing: "held" };
    pending = { byMs, since: monotonic(), vote: createClockVote() };
  };

  /** What becomes of a machine's clock that reads `byMs` beside the steady one. */
  const weigh = (wallMs: number, byMs: number): void => {
    if (pending === null || Math.abs(pending.byMs - byMs) >= STEP_MS) pending = notice(byMs);
    if (monotonic() - pending.since < HOLD_MS) return;
    if (pending.vote.believed() === "own") hold(byMs);
    else follow(wallMs, byMs);
  };

  const keepUp = (wallMs: number): void => {
    offset = wallMs - monotonic();
    if (pending !== null && step !== null) step = { ...step, standing: "passed" };
    pending = null;
  };

  const read = (): number => {
    const wallMs = wall();
    const byMs = wallMs - steady();
    if (Math.abs(byMs) < STEP_MS) keepUp(wallMs);
    else if (Number.isFinite(byMs)) weigh(wallMs, byMs);
    return steady();
  };

  return {
    now: () => {
      const time = read();
      last = last - time > PATIENCE_MS ? time : Math.max(last, time);
      return last;
    },
    heard: (endMs) => pending?.vote.add({ ownMs: steady() - endMs, machineMs: steady() + pending.byMs - endMs }),
    step: () => step,
  };
};
