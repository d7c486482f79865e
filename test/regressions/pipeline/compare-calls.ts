import { measuresFor } from "../../../agent/compare/measures.ts";
import { observe } from "../../../agent/compare/observe.ts";
import { type Comparison, compare } from "../../../detectors/compare/compare.ts";
import type { Call } from "../traffic/call.ts";
import { recordsOf } from "./records-of.ts";

/** What `leeway compare` says of the answers in words; `task` is what of a call they are compared inside. */
export const compareCalls = (calls: readonly Call[], task: "inputType" | "language"): Comparison => {
  const records = recordsOf(calls, task);
  return compare(measuresFor(records), observe(records));
};

/** Every feature that a comparison names. */
export const namedFeatures = ({ findings }: Comparison): readonly string[] =>
  findings.flatMap(({ feature, also }) => [feature, ...also]);
