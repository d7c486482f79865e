import { ARGO } from "../comparators/argo.ts";
import type { Method } from "../comparators/comparator.ts";
import { FLAGGER, FLAGGER_99 } from "../comparators/flagger.ts";
import { GROWTHBOOK } from "../comparators/growthbook.ts";
import { KAYENTA } from "../comparators/kayenta.ts";
import { Z_TEST } from "../comparators/z-test.ts";
import type { Case } from "./case.ts";

/** The methods beside Leeway, in the order of the table's columns. */
export const METHODS: readonly Method[] = [FLAGGER, ARGO, KAYENTA, Z_TEST, GROWTHBOOK];

/** The methods of a row: error rates also meet Flagger's documented success rate. */
export const methodsOf = ({ rule, measured }: Case): readonly Method[] => {
  if (measured === null) return [];
  return rule.signal === "error" ? [...METHODS, FLAGGER_99] : METHODS;
};
