import type { Cause } from "../../../core/finding.ts";
import { NEW_MODEL, NEW_PROMPT, type Served } from "../pipeline/served.ts";
import { errorsInEnterprise, moreTokens, slowTail, truncation } from "./calls.ts";
import type { Regression } from "./regression.ts";
import {
  emptyInsteadOfAbsent,
  extraNesting,
  fencedJson,
  nullInsteadOfAbsent,
  preambleBeforeJson,
} from "./structure.ts";
import { invalidToolArguments } from "./tools.ts";
import { fourBullets, hedgingTone, languageSwitched, loops, numbersSpelledOut, refusalsInFaq } from "./words.ts";

/** What has to come out: a rule that stops the migration, or a finding that names what changed. */
export type Expected =
  | { readonly by: "rule"; readonly kind: "rollback" | "pause"; readonly rule: string; readonly segment: string | null }
  | {
      readonly by: "finding";
      readonly family: readonly string[];
      /** One of these has to be among the features the finding names. */
      readonly feature: readonly string[];
      readonly direction: "up" | "down" | "changed" | null;
      /** The segment has to be one of these; null = any, "" among them = all answers. */
      readonly segment: readonly string[] | null;
    };

/** One regression, and what has to be made of it. */
export interface RegressionCase {
  readonly name: string;
  readonly inject: Regression;
  readonly canary: Served;
  /** What findings may be blamed on, and all of it. */
  readonly cause: readonly Cause[];
  readonly live: Expected;
  /** What `leeway compare` has to name on the same answers, one of these; null = no record of an answer tells of it. */
  readonly offline: readonly string[] | null;
  /** What the answers are compared inside there; default: their input type. */
  readonly task?: "language";
  /** Calls of both arms together, where the usual number is too few to prove it. */
  readonly calls?: number;
}

const finding = (
  family: readonly string[],
  feature: readonly string[],
  direction: "up" | "down" | "changed" | null = "up",
  segment: readonly string[] | null = null,
): Expected => ({ by: "finding", family, feature, direction, segment });

const rule = (kind: "rollback" | "pause", name: string, segment: string | null = null): Expected => ({
  ...{ by: "rule", kind, rule: name, segment },
});

const ofModel = { canary: NEW_MODEL, cause: ["model"] } as const;
const JSON_ONLY = ["", "input_type=extraction"];

/** The same arm at a price 40% higher. */
const DEARER: Served = { ...NEW_MODEL, model: "gpt-next-large", answeredBy: "gpt-next-large-2026-08-01" };

const unchanged: Regression = (call) => call;

/** Another model that answers as the incumbent does. */
export const UNCHANGED: Pick<RegressionCase, "name" | "inject" | "canary"> = {
  ...{ name: "nothing injected", inject: unchanged, canary: NEW_MODEL },
};

/** Every regression that has to be found, named and attributed. */
export const CASES: readonly RegressionCase[] = [
  {
    ...{ name: "JSON wrapped in a fence", inject: fencedJson, ...ofModel },
    live: finding(["code fence", "structure"], ["code_fence", "starts_with_fence"], "up", JSON_ONLY),
    offline: ["code_fence", "starts_with_fence"],
  },
  {
    ...{ name: "preamble before JSON", inject: preambleBeforeJson, ...ofModel },
    live: finding(["structure"], ["json_preamble"], null, JSON_ONLY),
    offline: ["json_preamble"],
  },
  {
    ...{ name: "extra nesting", inject: extraNesting, ...ofModel },
    live: finding(["structure"], ["json_depth", "key_paths"], null, JSON_ONLY),
    offline: ["json_depth"],
  },
  {
    ...{ name: "null instead of absent", inject: nullInsteadOfAbsent, ...ofModel },
    live: finding(["structure"], ["json_nulls", "key_paths"], null, JSON_ONLY),
    offline: ["json_nulls"],
  },
  {
    ...{ name: "empty array instead of absent", inject: emptyInsteadOfAbsent, ...ofModel },
    live: finding(["structure"], ["json_empty_arrays", "key_paths"], null, JSON_ONLY),
    offline: ["json_empty_arrays"],
  },
  {
    ...{ name: "numbers spelled out", inject: numbersSpelledOut, ...ofModel },
    live: finding(["script"], ["number_words"]),
    offline: ["number_words"],
  },
  {
    ...{ name: "4 bullets instead of 3", inject: fourBullets, ...ofModel },
    live: finding(["markdown"], ["bullet_items"], null),
    offline: ["bullet_items"],
  },
  {
    ...{ name: "tokens +15% at equal text", inject: moreTokens, ...ofModel },
    live: finding(["usage", "length"], ["tokens_per_char"]),
    offline: ["tokens_per_char"],
  },
  {
    ...{ name: "p99 +500 ms at equal p50", inject: slowTail, ...ofModel },
    live: rule("rollback", "latency_ms.p99.absolute-increase"),
    offline: null,
    // One call in a hundred tells, and the first 2000 of the baseline only place its p99.
    calls: 20_000,
  },
  {
    ...{ name: "cost +40%", inject: unchanged, canary: DEARER, cause: ["model"] },
    live: rule("rollback", "cost_usd"),
    offline: null,
  },
  {
    ...{ name: "refusals +10 points in one input type", inject: refusalsInFaq, ...ofModel },
    live: finding(["refusal"], ["refusal", "refusal_class"], null, ["input_type=faq"]),
    offline: ["refusal", "refusal_class"],
  },
  {
    ...{ name: "tool arguments invalid 10%", inject: invalidToolArguments, ...ofModel },
    live: finding(["tools"], ["tool_call_valid", "tool_arguments_match", "tool_arguments_parse"], "down"),
    offline: null,
  },
  {
    ...{ name: "truncation 5%", inject: truncation, ...ofModel },
    live: finding(["finish"], ["truncated", "finish_reason"], null),
    offline: ["truncated", "finish_reason"],
  },
  {
    ...{ name: "loops 5%", inject: loops, ...ofModel },
    live: finding(["degeneration"], ["degenerate"]),
    offline: ["degenerate"],
  },
  {
    ...{ name: "language switched 3%", inject: languageSwitched, ...ofModel },
    live: finding(["script"], ["language"], "changed", ["language=en", "language=de", "language=es", "language=fr"]),
    offline: ["language"],
    task: "language",
    calls: 16_000,
  },
  {
    ...{ name: "tone shifted: hedging", inject: hedgingTone, ...ofModel },
    live: finding(["manner"], ["hedging"]),
    offline: ["hedging"],
  },
  {
    ...{ name: "errors 20% on one tenant tier", inject: errorsInEnterprise, ...ofModel },
    live: rule("rollback", "error", "tier=enterprise"),
    offline: null,
  },
  {
    ...{ name: "preamble before JSON, new prompt", inject: preambleBeforeJson, canary: NEW_PROMPT, cause: ["prompt"] },
    live: finding(["structure"], ["json_preamble"], null, JSON_ONLY),
    offline: ["json_preamble"],
  },
  {
    ...{ name: "tone shifted: hedging, new prompt", inject: hedgingTone, canary: NEW_PROMPT, cause: ["prompt"] },
    live: finding(["manner"], ["hedging"]),
    offline: ["hedging"],
  },
  {
    ...{ name: "loops 5%, new prompt and temperature", inject: loops, cause: ["prompt", "parameters"] },
    canary: { ...NEW_PROMPT, temperature: 1.4 },
    live: finding(["degeneration"], ["degenerate"]),
    offline: ["degenerate"],
  },
];
