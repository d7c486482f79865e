/**
 * The Shapley value of each of `count` factors (at most 20): the mean, over all orders in which they could be changed
 * one after the other, of what the value becomes greater by when this one is. They sum to `worth` of all less that of
 * none, whatever the function, and depend on no order.
 *
 * `worth` of a set of factors, whose bit i is factor i's; it is asked once for each of the 2^count sets.
 */
export const shapleyValues = (count: number, worth: (set: number) => number): readonly number[] => {
  const worths = Array.from({ length: 2 ** count }, (_, set) => worth(set));
  const weights = Array.from({ length: count }, (_, others) => 1 / (count * combinations(count - 1, others)));
  return Array.from({ length: count }, (_, factor) => {
    let value = 0;
    for (let set = 0; set < worths.length; set++) {
      if ((set >> factor) % 2 === 1) continue;
      const gain = (worths[set | (1 << factor)] ?? 0) - (worths[set] ?? 0);
      value += (weights[bitsOf(set)] ?? 0) * gain;
    }
    return value;
  });
};

const bitsOf = (set: number): number => (set === 0 ? 0 : (set % 2) + bitsOf(set >> 1));

const combinations = (n: number, k: number): number => {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
};
