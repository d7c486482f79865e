/** A quantile, 0 to below 1, as people name it: 0.95 is `p95`, 0.99995 is `p99.995`. None is ever called `p100`. */
export const quantileText = (quantile: number): string => `p${Number(Math.min(quantile * 100, 99.999999).toFixed(6))}`;
