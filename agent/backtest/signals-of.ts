import type { Rule } from "../../core/migration.ts";
import { SIGNALS, type SignalName } from "../../core/signals.ts";

const ALL = Object.keys(SIGNALS) as SignalName[];

/** The signals these rules look at, each once; the output shape looks at all there are. */
export const signalsOf = (rules: readonly Rule[]): readonly SignalName[] => [
  ...new Set(rules.flatMap(({ signal }) => (signal === "output_shape" ? ALL : [signal]))),
];
