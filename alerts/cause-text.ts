import { harmSince } from "../core/evidence-line.ts";
import { heaviestText } from "../core/heaviest-text.ts";
import type { Migration } from "../core/migration.ts";
import type { Verdict } from "../core/verdict.ts";
import type { RollbackCause } from "../lifecycle/news.ts";
import { evidenceText } from "./evidence-text.ts";
import type { Draft, Facts, NoticeContext } from "./notice-draft.ts";

/** What a rollback or a pause was decided on, in words. */
export interface CauseText {
  readonly headline: string;
  /** What happened: sentences. */
  readonly happened: string;
  /** Whether that is proven: a sentence; empty for a person's word. */
  readonly proof: string;
  readonly facts: Facts;
  /** The command that shows the evidence; empty where there is none. */
  readonly explain: string;
  /** Where on the dashboard it is seen. */
  readonly where: Pick<Draft, "since" | "segment">;
}

/** A breached rule in words. */
export const breachText = ({ migration }: NoticeContext, verdict: Verdict): CauseText => {
  const { headline, seen, odds, facts } = evidenceText(migration, verdict);
  const { evidence, rule } = verdict;
  const heaviest = heaviestText(evidence);
  return {
    headline,
    happened: [
      `The candidate ${migration.candidate.model} broke the rule ${seen.startsWith(rule) ? "" : `${rule}: `}${seen}.`,
      ...(heaviest === null ? [] : [`It ${heaviest.startsWith("rests") ? heaviest : `is there ${heaviest}`}.`]),
    ].join(" "),
    proof: `That the limit is broken, yes: ${odds}.`,
    facts,
    explain: `leeway explain ${migration.name} ${rule}`,
    where: { since: harmSince(evidence), segment: evidence.segment },
  };
};

/** What a rollback was decided on: a breached rule, or a person. */
export const causeText = (context: NoticeContext, cause: RollbackCause): CauseText => {
  if ("verdict" in cause) return breachText(context, cause.verdict);
  return {
    headline: `by ${cause.by}`,
    happened: `Asked for by ${cause.by}: ${cause.reason}.`,
    proof: "",
    facts: [
      ["By", cause.by],
      ["Reason", cause.reason],
    ],
    explain: "",
    where: {},
  };
};

/** Where the evidence is; empty where there is none. */
export const evidenceHint = (explain: string): string => (explain === "" ? "" : `The evidence: \`${explain}\`.`);

/** The same for whoever has to find out why. */
export const causeHint = (explain: string): string =>
  explain === "" ? "Then find the cause." : `Then find the cause: \`${explain}\`.`;

/** Who is concerned. */
export const modelFacts = ({ baseline, candidate, owner }: Migration): Facts => [
  ["Candidate", candidate.model],
  ["Baseline model", baseline.model],
  ["Owner", owner],
];
