/** How old a call was when it arrived, by each of two clocks, ms; negative = it ended after it arrived. */
export interface AgeByClock {
  readonly ownMs: number;
  readonly machineMs: number;
}

/** What the calls that arrive say about two clocks. */
export interface ClockVote {
  readonly add: (age: AgeByClock) => void;
  /** The clock that more calls agree with; null where they say nothing, or there are none. */
  readonly believed: () => "own" | "machine" | null;
}

/** Clocks of two hosts that are kept in time differ by less. */
const AHEAD_MS = 1_000;

/** Nearly all exporters hand a call over within this time. */
const OLD_MS = 60_000;

const isPlausible = (ageMs: number): boolean => ageMs >= -AHEAD_MS && ageMs <= OLD_MS;

/**
 * A vote between the agent's own clock and the machine's. A call cannot arrive before it ended, and hardly arrives a
 * minute later: it speaks for the clock under which that holds, and for neither where it holds under both or none.
 */
export const createClockVote = (): ClockVote => {
  let [own, machine] = [0, 0];
  return {
    add: ({ ownMs, machineMs }) => {
      const [forOwn, forMachine] = [isPlausible(ownMs), isPlausible(machineMs)];
      if (forOwn && !forMachine) own += 1;
      if (forMachine && !forOwn) machine += 1;
    },
    believed: () => {
      if (own === machine) return own === 0 ? null : "own";
      return own > machine ? "own" : "machine";
    },
  };
};
