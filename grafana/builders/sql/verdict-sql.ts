import { ledger, UNTIL_END } from "./ledger-sql.ts";
import { literals } from "./literals.ts";

const text = (...keys: readonly string[]): string => `JSONExtractString(verdict, ${literals(keys)})`;
const number = (...keys: readonly string[]): string => `JSONExtract(verdict, ${literals(keys)}, 'Nullable(Float64)')`;

/** Earlier versions wrote -1e9 where nothing had been weighed. */
const weighed = (...keys: readonly string[]): string => `nullIf(${number(...keys)}, -1e9)`;

/**
 * Subquery with one row per verdict in the ledger: those written when a rule's outcome changed, and those a decision
 * rests on. Columns: at, written, line, rule, severity, outcome, why, and the evidence as method, segment, unit, onset
 * (when it began to look like a breach, epoch ms; null = it does not), canary_onset (the canary's value since), log_e,
 * threshold, canary, baseline, lower_bound, upper_bound, limit_value, canary_calls, baseline_calls.
 */
export const verdicts = (where: string): string => `(SELECT at, written, line,
    ${text("rule")} AS rule, ${text("severity")} AS severity, ${text("outcome")} AS outcome, ${text("why")} AS why,
    ${text("evidence", "method")} AS method, ${text("evidence", "segment")} AS segment,
    ${text("evidence", "unit")} AS unit, ${number("evidence", "onset", "since")} AS onset,
    ${number("evidence", "onset", "value", "canary")} AS canary_onset,
    ${weighed("evidence", "logE")} AS log_e, ${number("evidence", "threshold")} AS threshold,
    ${number("evidence", "value", "canary")} AS canary, ${number("evidence", "value", "baseline")} AS baseline,
    ${number("evidence", "interval", "lower")} AS lower_bound, ${number("evidence", "interval", "upper")} AS upper_bound,
    ${number("evidence", "limit")} AS limit_value,
    ${number("evidence", "n", "canary")} AS canary_calls, ${number("evidence", "n", "baseline")} AS baseline_calls
  FROM ${ledger(
    `at, written, line, arrayJoin(if(type = 'verdict', [JSONExtractRaw(event, 'verdict')],
      JSONExtractArrayRaw(event, 'judgement', 'verdicts'))) AS verdict`,
    `${where} AND type IN ('verdict', 'decision')`,
  )})`;

/**
 * Scalar subquery: the tightest limit now in force, on the canary's scale, of the rules about `subject` (`error`,
 * `latency_ms.p99`), whatever their unit or segment; null = none. `latency_ms.p99.9` is another subject than
 * `latency_ms.p99`, hence the letter after the dot.
 */
export const limitOf = (subject: string): string =>
  `(SELECT min(newest) FROM (SELECT rule, argMax(limit_value, (at, written, line)) AS newest
    FROM ${verdicts(UNTIL_END)} WHERE match(rule, '^${subject.replaceAll(".", "[.]")}([.][a-z]|$)') GROUP BY rule))`;
