import type { DoubleFeature, DoubleStrategy, DoubleVariant } from "../../doubles/flags/unleash-double.ts";

/** The values of the two arms in the tests of Unleash. */
export const VALUES = { baseline: "gpt-old", canary: "gpt-new" } as const;

/** A variant, of the arm's value by default. */
export const aVariant = (name: "canary" | "baseline", more: Partial<DoubleVariant> = {}): DoubleVariant => ({
  name,
  weight: 1000,
  weightType: "variable",
  stickiness: "default",
  payload: { type: "string", value: VALUES[name] },
  ...more,
});

/** The gradual rollout that serves the candidate. */
export const aRollout = (more: Partial<DoubleStrategy> = {}): DoubleStrategy => ({
  id: "canary-strategy",
  name: "flexibleRollout",
  title: "candidate",
  disabled: false,
  sortOrder: 0,
  parameters: { rollout: "0", stickiness: "default", groupId: "model" },
  constraints: [],
  segments: [],
  variants: [aVariant("canary")],
  ...more,
});

const INTERNAL = { contextName: "userId", operator: "IN", values: ["42"], inverted: false, caseInsensitive: false };

/**
 * A flag as a team has it after a while, off: the candidate's rollout, after it a strategy for chosen users and one for all
 * the others that give the baseline, one that is switched off, another environment.
 */
export const aFeature = (strategies: readonly DoubleStrategy[] = []): DoubleFeature => ({
  stale: false,
  archived: false,
  impressionData: true,
  dependencies: [],
  environments: {
    production: {
      enabled: false,
      strategies:
        strategies.length > 0
          ? [...strategies]
          : [
              aRollout({
                id: "later",
                sortOrder: 3,
                name: "default",
                parameters: {},
                variants: [aVariant("baseline")],
              }),
              aRollout({
                id: "chosen",
                sortOrder: 2,
                constraints: [INTERNAL],
                segments: [7],
                variants: [aVariant("baseline")],
              }),
              aRollout({ id: "idle", sortOrder: -1, disabled: true }),
              aRollout(),
            ],
      variants: [],
    },
    development: { enabled: true, strategies: [aRollout({ id: "dev" })], variants: [] },
  },
});
