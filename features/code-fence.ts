import type { Features } from "../core/features.ts";
import type { LineScan } from "./line-scan.ts";

/** The family `code fence`, but for whether there is one at all; empty without a fence. */
export const codeFenceFeatures = (scan: LineScan): Features =>
  scan.fences === 0
    ? {}
    : {
        starts_with_fence: Number(scan.beforeFence === 0),
        text_before_fence: Number(scan.beforeFence > 0),
        text_after_fence: Number(scan.afterFence > 0),
      };
