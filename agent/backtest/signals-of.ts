import type { Rule } from "../../core/migration.ts";
import { SIGNAL_NAMES, type SignalName } from "../../core/signals.ts";

/** The signals these rules look at, each once; the output shape looks at all of the catalogue. */
export const signalsOf = (rules: readonly Rule[]): readonly SignalName[] => [
  ...new Set<SignalName>(
    rules.flatMap((rule): readonly SignalName[] => (rule.signal === "output_shape" ? SIGNAL_NAMES : [rule.signal])),
  ),
];
