import type { UsageConvention } from "../../usage/usage-convention.ts";
import { unsaidFor } from "../../usage/usage-convention.ts";
import { DIALECTS } from "../dialects.ts";
import type { CountingSpan, UsageRule } from "../usage-rule.ts";

/** How senders count tokens, in the dialects' order: the first rule that is for a span says it. */
export const USAGE_RULES: readonly UsageRule[] = DIALECTS.flatMap(({ usage }) => usage ?? []);

/** How the sender of a span counts tokens; where nothing is known of it but a model, the numbers have to tell. */
export const usageConventionOf = (span: CountingSpan, model: string): UsageConvention =>
  USAGE_RULES.find(({ isFor }) => isFor(span))?.convention ?? unsaidFor(model);
