import type { Arm } from "../../../core/cohort.ts";
import { mergeSamples } from "../../../core/merge-samples.ts";
import { type ArmMinute, CALLS, type Calls, type Minute, type Stream } from "../streams/stream.ts";

/** Ticks of a minute where a regression or a clear is looked for: five seconds each, the agent's default. */
export const TICKS_A_MINUTE = 12;

/** Calls that ended between two moments of a minute, in parts of `of`: spread evenly, whole calls. */
const callsBetween = (from: number, to: number, of: number): Calls => {
  const share = (calls: number): number => Math.floor((calls * to) / of) - Math.floor((calls * from) / of);
  return { canary: share(CALLS.canary), baseline: share(CALLS.baseline) };
};

/** One minute of a stream in `count` parts of equal length. */
export const partsOf = (
  { at }: Stream,
  random: () => number,
  minute: number,
  count: number,
): readonly [Minute, ...Minute[]] => {
  const part = (i: number): Minute => at(random, minute, callsBetween(i, i + 1, count));
  return [part(0), ...Array.from({ length: count - 1 }, (_, i) => part(i + 1))];
};

/** The minute that its parts make up. */
export const joined = (parts: readonly [Minute, ...Minute[]]): Minute => {
  if (parts.length === 1) return parts[0];
  const arm = (name: Arm): ArmMinute =>
    mergeSamples(
      parts.map((each) => each[name]),
      () => name,
    )[0] ?? parts[0][name];
  return { canary: arm("canary"), baseline: arm("baseline") };
};
