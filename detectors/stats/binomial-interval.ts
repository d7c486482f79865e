const BISECTIONS = 60;

/** Probability of at most `k` events in `n` draws of probability `p`. */
const atMost = (k: number, n: number, p: number): number => {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  const logOdds = Math.log(p) - Math.log1p(-p);
  let log = n * Math.log1p(-p);
  let sum = Math.exp(log);
  for (let i = 0; i < k; i++) {
    log += Math.log((n - i) / (i + 1)) + logOdds;
    sum += Math.exp(log);
  }
  return Math.min(1, sum);
};

/** The p at which a decreasing function of it passes `level`. */
const crossing = (of: (p: number) => number, level: number): number => {
  let [low, high] = [0, 1];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (of(middle) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/**
 * Exact confidence interval of a probability after `events` of `n` independent draws, each side missing the truth with
 * probability at most `alpha` / 2. [0, 1] for n = 0. Source: Clopper and Pearson (1934).
 */
export const binomialInterval = (
  events: number,
  n: number,
  alpha = 0.05,
): { readonly lower: number; readonly upper: number } => ({
  lower: events === 0 ? 0 : crossing((p) => atMost(events - 1, n, p), 1 - alpha / 2),
  upper: events >= n ? 1 : crossing((p) => atMost(events, n, p), alpha / 2),
});
