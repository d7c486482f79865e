import type { UntakenReason, UntakenSpans } from "./collector-stats.ts";
import { countText } from "./count-text.ts";
import { membersOf } from "./exhaustive.ts";

/** What was missing, and what helps. */
const REASONS: Readonly<Record<UntakenReason, (word: string) => string>> = {
  "contains-calls": (word) => `${word || "it"} contains calls, which have spans of their own`,
  "unknown-operation": (word) =>
    `the operation ${JSON.stringify(word)} is none that is known; a call says gen_ai.operation.name chat`,
  "no-model": () => "it names no model; a call has gen_ai.operation.name, or gen_ai.request.model and tokens",
  "no-provider-and-tokens": () =>
    "it names a model, but neither an operation nor a provider nor tokens; a call has gen_ai.operation.name",
};

/** Every reason. */
export const UNTAKEN_REASONS: readonly UntakenReason[] = membersOf<UntakenReason>(REASONS);

/** One line on spans that are not taken for calls. */
export const untakenText = ({ scope, name, word, reason, spans }: UntakenSpans): string => {
  const of = scope === "" ? "an unnamed instrumentation" : scope;
  const called = name === "" ? "other names" : JSON.stringify(name);
  return `${countText(spans)} ${spans === 1 ? "span" : "spans"} ${called} of ${of}: ${REASONS[reason](word)}`;
};
