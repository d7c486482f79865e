import type { Method } from "./comparator.ts";

/**
 * Argo Rollouts (argo-rollouts.readthedocs.io: features/analysis): the analysis run measures each `interval` (1m here),
 * and fails when more than `failureLimit` measurements fail; its default is 0, so that one failed measurement aborts.
 * The success condition is the rule's limit, 95% success for errors as in its documentation.
 */
export const ARGO: Method = {
  name: "Argo Rollouts",
  create: ({ value, threshold }) => {
    let failed = false;
    return ({ canary }) => {
      const seen = value(canary);
      failed ||= seen !== null && seen > threshold;
      return failed;
    };
  },
};
