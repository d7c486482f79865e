import type { LineScan } from "./line-scan.ts";
import type { WrittenFeatures } from "./written-features.ts";

/** Writes the family `code fence`, but for whether there is one at all; nothing without a fence. */
export const putCodeFence = (into: WrittenFeatures, scan: LineScan): void => {
  if (scan.fences === 0) return;
  into.starts_with_fence = Number(scan.beforeFence === 0);
  into.text_before_fence = Number(scan.beforeFence > 0);
  into.text_after_fence = Number(scan.afterFence > 0);
};
