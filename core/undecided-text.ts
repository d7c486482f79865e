import { countText } from "./count-text.ts";
import { armText, intervalText } from "./evidence-line.ts";
import { otherwise } from "./exhaustive.ts";
import { figure } from "./figure.ts";
import { lengthText } from "./length-text.ts";
import { logEText } from "./log-e-text.ts";
import { isDoubtReason, reasonText } from "./undecided-reasons.ts";
import type { Evidence, Needs, Verdict } from "./verdict.ts";

/** A verdict that is none yet. */
export type UndecidedVerdict = Extract<Verdict, { readonly outcome: "undecided" }>;

const HOUR_MS = 3_600_000;

/** `25 a minute`, `40 an hour`, `12 a day`: the coarsest in which it is a number worth reading. */
const paceText = (perHour: number): string => {
  if (perHour >= 120) return `${countText(perHour / 60)} a minute`;
  return perHour >= 2 ? `${countText(perHour)} an hour` : `${countText(perHour * 24)} a day`;
};

/** How much longer at the pace so far; "" where there is none. */
const restText = ({ calls, seen, perHour }: Needs): string =>
  calls === null || perHour === null
    ? ""
    : `, about ${lengthText(Math.max(1000, ((calls - seen) / perHour) * HOUR_MS))} more at ${paceText(perHour)}`;

const TOWARDS: Readonly<Record<Needs["towards"], string>> = {
  breach: " until a breach would be proven",
  clear: "",
  reference: "",
};

const needsText = (needs: Needs): string => {
  const { calls, seen, arm, towards, isEstimate } = needs;
  if (calls === null) return `${countText(seen)} ${arm} calls seen, and the evidence grows neither way`;
  const about = isEstimate ? "about " : "";
  return `${countText(seen)} of ${about}${countText(calls)} ${arm} calls seen${restText(needs)}${TOWARDS[towards]}`;
};

/** The evidence both ways: what "not proven" means in numbers. */
const bothWays = (evidence: Evidence): string => {
  const { logEPass: logE, passThreshold: threshold } = evidence;
  return `log e ${logEText(evidence)} for a breach, ${logEText({ logE, threshold })} for clear`;
};

const callsOf = ({ n }: Evidence): string =>
  `${countText(n.canary)} canary and ${countText(n.baseline)} baseline calls with the signal`;

/** The numbers of a reason; "" for doubts, whose detail has them. */
const ownNumbers = (verdict: UndecidedVerdict, unit: string): string => {
  const { why, evidence, needs } = verdict;
  const takes = needs === undefined ? callsOf(evidence) : needsText(needs);
  // A doubt has its numbers in the detail.
  if (isDoubtReason(why)) return verdict.detail === undefined ? callsOf(evidence) : "";
  switch (why) {
    case "no-data":
      return callsOf(evidence);
    case "too-few":
    case "baseline-warming-up":
      return takes;
    case "not-proven":
      return `${takes}; ${bothWays(evidence)}`;
    case "baseline-ill-too":
      return `canary ${armText("canary", evidence, unit)}, baseline ${armText("baseline", evidence, unit)}, limit ${figure(evidence.limit, unit)}`;
    default:
      // A newer version's reason has what every verdict has.
      return otherwise(why, callsOf(evidence));
  }
};

/** Why an interval that lies beyond the limit is no breach by itself. */
const beyondText = ({ why, evidence }: UndecidedVerdict, unit: string): string => {
  if (evidence.beyond !== true) return "";
  const range = `the canary's 99% interval, ${intervalText(evidence, unit)}, is beyond the limit of ${figure(evidence.limit, unit)} as it stands`;
  return why === "baseline-warming-up"
    ? `; ${range}, but the limit rests on a baseline that is not known well enough yet`
    : `; ${range}, but a breach has to be proven against the baseline, at every look and over all rules: log e ${logEText(evidence)}`;
};

const segmentsText = ({ segment, segments }: Evidence): string => {
  if (segments === undefined || segments.all < 2) return segment === "" ? "" : `in ${segment} `;
  return `in ${segment} (${countText(segments.clear)} of ${countText(segments.all)} segments are clear) `;
};

/** The numbers of an undecided rule: calls seen and needed, about how long yet, where. `unit`: of its value. */
export const undecidedNumbers = (verdict: UndecidedVerdict, unit: string): string => {
  const numbers = `${ownNumbers(verdict, unit)}${beyondText(verdict, unit)}`;
  return numbers === "" ? "" : `${segmentsText(verdict.evidence)}${numbers}`;
};

/**
 * Why a rule is undecided, what it takes and about how long, in one line; what waiting does not settle comes with what a
 * person can do.
 */
export const undecidedText = (verdict: UndecidedVerdict, unit: string): string => {
  const { meaning, advice, passes } = reasonText(verdict.why);
  const detail = verdict.detail === undefined ? "" : ` (${verdict.detail})`;
  const numbers = undecidedNumbers(verdict, unit);
  return `${meaning}${detail}${numbers === "" ? "" : `: ${numbers}`}${passes ? "" : `; ${advice}`}`;
};
