import { logEText } from "../core/log-e-text.ts";
import { percent } from "../core/percent.ts";
import { shortNumber } from "../core/short-number.ts";
import type { Evidence, Verdict } from "../core/verdict.ts";

const short = (value: number | null): string => (value === null ? "unknown" : shortNumber(value));

const inRate = ({ value, n, events, limit }: Evidence, seen: Evidence["events"] & object): string =>
  `${percent(value.canary)} (${seen.canary} of ${n.canary} canary calls), limit ${percent(limit)}, ` +
  `baseline ${percent(value.baseline)} (${events?.baseline ?? 0} of ${n.baseline})`;

const inValue = ({ value, n, limit }: Evidence): string =>
  `${short(value.canary)} over ${n.canary} canary calls, limit ${short(limit)}, baseline ${short(value.baseline)}`;

/**
 * Why a breach is one, in one line with its numbers, for the ledger and for people: what was seen, how much of it, the
 * limit, the baseline, and how far the evidence is beyond what was asked for.
 */
export const breachReason = ({ rule, evidence }: Verdict): string => {
  const { segment, events, method } = evidence;
  const isShare = events !== null && method !== "tail-share";
  const where = segment === "" ? "" : ` in ${segment}`;
  if (evidence.seen !== undefined) return `${rule}: ${evidence.seen}; log e ${logEText(evidence)}`;
  const seen = isShare ? inRate(evidence, events) : inValue(evidence);
  return `${rule}${where}: ${seen}; log e ${logEText(evidence)}`;
};
