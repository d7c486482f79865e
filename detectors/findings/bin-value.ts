import { bucketValue, ZERO_BUCKET } from "../../core/histogram.ts";

/** What a bin of a sample holds: its text, and the number that stands for it (0 for labels). */
export interface BinValue {
  readonly text: string;
  readonly number: number;
}

/** 1% buckets that make up one bin: fine enough to see a tenth, and a feature has some dozens of bins. */
const BUCKETS = 10;

/** `12` is the number 12, `b470` the middle of the ten 1% buckets from 470 on; anything else is a label. */
export const binValue = (text: string): BinValue => {
  const bucket = text.startsWith("b") ? Number(text.slice(1)) : Number.NaN;
  if (!Number.isInteger(bucket)) return { text, number: Number.isFinite(Number(text)) ? Number(text) : 0 };
  return { text, number: bucketValue(bucket === ZERO_BUCKET ? bucket : bucket + (BUCKETS - 1) / 2) };
};

/** The bin of a 1% bucket, as the store writes those of `output_features`. */
export const bucketBin = (bucket: number): string => `b${Math.floor(bucket / BUCKETS) * BUCKETS}`;
