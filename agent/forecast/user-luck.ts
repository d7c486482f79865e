import { normalFrom } from "../../core/seeded-random.ts";
import { type SignalName, signalOf } from "../../core/signals.ts";

/** Part of a call's variance that its user's lasting traits make: little of how long it takes, more of what is written and asked. */
export const traitShare = (signal: SignalName): number =>
  signalOf(signal).unit === "ms" ? 0.05 : signalOf(signal).kind === "value" ? 0.2 : 0.1;

/** How far the mean of an arm's users is from that of all users, in standard deviations of a call. */
export interface ArmLuck {
  readonly canary: number;
  readonly baseline: number;
}

/**
 * The luck of the draw of users, who stay in their arm: users come over in blocks, from stage to stage, and each block keeps
 * what its users are like. `trait`: traitShare() of the signal; `shares`: the canary's in each stage, rising, 0-1. A function from a share to the arms' luck.
 */
export const drawUserLuck = (
  random: () => number,
  trait: number,
  users: number,
  shares: readonly number[],
): ((share: number) => ArmLuck) => {
  const edges = [...new Set([0, ...shares, 1])].sort((a, b) => a - b);
  const blocks = edges.slice(1).map((to, i) => {
    const width = to - (edges[i] ?? 0);
    return { to, width, mean: Math.sqrt(trait / Math.max(1, users * width)) * normalFrom(random) };
  });
  const meanOf = (chosen: typeof blocks): number => {
    const width = chosen.reduce((sum, each) => sum + each.width, 0);
    return width > 0 ? chosen.reduce((sum, each) => sum + each.mean * each.width, 0) / width : 0;
  };
  return (share) => ({
    canary: meanOf(blocks.filter(({ to }) => to <= share)),
    baseline: meanOf(blocks.filter(({ to }) => to > share)),
  });
};

/** The design effect of calls of which each user has made `each` on average, at random moments. */
export const traitEffect = (trait: number, each: number): number => 1 + trait * each;
