import type { Method } from "./comparator.ts";

// Kayenta (spinnaker.io: guides/user/canary/judge): the default judge compares the minute values of both arms by the
// Mann-Whitney test: a metric is "High" when the 98% interval of the shift lies above 25% of the estimated shift. A
// metric scores 100 or 0; a score below the marginal threshold (75) fails the canary. Judged every hour on its minutes.
const MINUTES = 60;
const TOLERANCE = 0.25;
const Z_98 = 2.3263478740408408;

/** Estimate (Hodges and Lehmann) and lower end of the two-sided 98% interval of the shift of `a` against `b`. */
export const shiftOf = (
  a: readonly number[],
  b: readonly number[],
): { readonly estimate: number; readonly lower: number } => {
  const differences = Float64Array.from({ length: a.length * b.length }, (_, i) => {
    const [x, y] = [a[Math.floor(i / b.length)] ?? 0, b[i % b.length] ?? 0];
    return x - y;
  }).sort();
  const pairs = differences.length;
  const sd = Math.sqrt((pairs * (a.length + b.length + 1)) / 12);
  const rank = Math.max(0, Math.floor(pairs / 2 - Z_98 * sd));
  const middle = Math.floor(pairs / 2);
  const estimate =
    pairs % 2 === 1 ? (differences[middle] ?? 0) : ((differences[middle - 1] ?? 0) + (differences[middle] ?? 0)) / 2;
  return { estimate, lower: differences[rank] ?? 0 };
};

/** Kayenta's default judge. It compares arms and knows no margin: "worse" is what it looks for, whatever the rule allows. */
export const KAYENTA: Method = {
  name: "Kayenta",
  create: ({ value }) => {
    let [canary, baseline]: [number[], number[]] = [[], []];
    let failed = false;
    return (minute) => {
      const [c, b] = [value(minute.canary), value(minute.baseline)];
      if (c !== null) canary.push(c);
      if (b !== null) baseline.push(b);
      if (canary.length < MINUTES || failed) return failed;
      const { estimate, lower } = shiftOf(canary, baseline);
      failed = lower > TOLERANCE * Math.abs(estimate);
      [canary, baseline] = [[], []];
      return failed;
    };
  },
};
