import { evidenceLine, momentText } from "../core/evidence-line.ts";
import { heaviestText } from "../core/heaviest-text.ts";
import { logEText } from "../core/log-e-text.ts";
import type { Verdict } from "../core/verdict.ts";

/**
 * Why a breach is one, in one line with its numbers, for the ledger and for people: what was seen since when, how much of
 * it, the limit, the baseline, and how far the evidence is beyond what was asked for.
 */
export const breachReason = ({ rule, evidence }: Verdict): string => {
  const { segment, seen, onset, unit = "" } = evidence;
  const where = segment === "" ? "" : ` in ${segment}`;
  const since = onset === undefined ? "" : `, since ${momentText(onset.since)}`;
  const heaviest = heaviestText(evidence);
  const rest = heaviest === null ? "" : `; ${heaviest}`;
  return seen === undefined
    ? `${rule}${where}: ${evidenceLine(evidence, unit)}; log e ${logEText(evidence)}${rest}`
    : `${rule}: ${seen}${since}; log e ${logEText(evidence)}`;
};
