/** A quantile, 0-1, as people name it: 0.95 is `p95`. Rules may be written with more decimals than are worth a word. */
export const quantileText = (quantile: number, decimals: number): string =>
  `p${Number((quantile * 100).toFixed(decimals))}`;
