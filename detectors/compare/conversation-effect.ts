import type { Arm } from "../../core/cohort.ts";

/** The answers of one arm: the bin each is in, and the conversation it is of; null = by itself. */
export interface PlacedAnswers {
  readonly slots: readonly number[];
  readonly conversations: readonly (string | null)[];
}

/** Counts of one arm per conversation and bin. */
const perConversation = ({ slots, conversations }: PlacedAnswers): readonly ReadonlyMap<number, number>[] => {
  const counts = new Map<string, Map<number, number>>();
  slots.forEach((slot, at) => {
    const conversation = conversations[at];
    const key = conversation == null ? `#${at}` : `=${conversation}`;
    const bins = counts.get(key) ?? new Map<number, number>();
    counts.set(key, bins);
    bins.set(slot, (bins.get(slot) ?? 0) + 1);
  });
  return [...counts.values()];
};

const sharesOf = ({ slots }: PlacedAnswers): ReadonlyMap<number, number> => {
  const shares = new Map<number, number>();
  for (const slot of slots) shares.set(slot, (shares.get(slot) ?? 0) + 1 / slots.length);
  return shares;
};

const sizeOf = (bins: ReadonlyMap<number, number>): number => [...bins.values()].reduce((sum, n) => sum + n, 0);

/** Variance of the counts of one arm: as it is between conversations, and as it would be of answers by themselves. */
const variances = (answers: PlacedAnswers): readonly [between: number, single: number, conversations: number] => {
  const [groups, shares] = [perConversation(answers), sharesOf(answers)];
  let [between, single] = [0, 0];
  for (const [slot, share] of shares) {
    for (const bins of groups) between += ((bins.get(slot) ?? 0) - share * sizeOf(bins)) ** 2;
    single += answers.slots.length * share * (1 - share);
  }
  return [between, single, groups.length];
};

/**
 * Factor by which the likeness of answers of one conversation inflates the variance of the counts per bin, two standard
 * deviations above its estimate, at least 1: every answer counts as 1 / this many. 1 without conversations.
 * Formula: sum over bins and conversations of (S - p n)^2, over sum of N p (1 - p). Source: docs/statistics.md,
 * correlated calls, put together over the bins.
 */
export const conversationEffect = (arms: Readonly<Record<Arm, PlacedAnswers>>): number => {
  const all = [arms.canary, arms.baseline];
  if (all.every(({ conversations }) => conversations.every((each) => each === null))) return 1;
  const [canary, baseline] = [variances(arms.canary), variances(arms.baseline)];
  const [single, groups] = [canary[1] + baseline[1], canary[2] + baseline[2]];
  if (!(single > 0) || groups < 3) return 1;
  const estimate = ((canary[0] + baseline[0]) / single) * (groups / (groups - 1));
  return Math.max(1, estimate * (1 + 2 * Math.sqrt(2 / (groups - 1))));
};
