import { BUCKET_GROWTH, ZERO_BUCKET } from "../core/histogram.ts";

/** SQL for the logarithmic bucket of a number, the same formula as bucketOf() of core/histogram.ts; an Int32. */
export const bucketSql = (value: string): string =>
  `toInt32(if(${value} > 0, floor(log(${value}) / log(${BUCKET_GROWTH})), ${ZERO_BUCKET}))`;
