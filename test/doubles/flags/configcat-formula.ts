import { z } from "zod";

/** A value; exactly one of the fields is there. */
export interface ConfigCatValue {
  readonly boolValue?: boolean | null | undefined;
  readonly stringValue?: string | null | undefined;
  readonly intValue?: number | null | undefined;
  readonly doubleValue?: number | null | undefined;
}

/** A whole percentage of the users, and what they get. */
export interface ConfigCatOption {
  readonly percentage: number;
  readonly value: ConfigCatValue;
}

/** Whom a rule is for: by an attribute, or by another flag. */
export type ConfigCatCondition =
  | {
      readonly userCondition: {
        readonly comparisonAttribute: string;
        readonly comparator: "textEquals" | "sensitiveTextEquals";
        readonly comparisonValue: { readonly stringValue: string };
      };
    }
  | {
      readonly prerequisiteFlagCondition: {
        readonly prerequisiteSettingId: number;
        readonly comparator: "equals" | "doesNotEqual";
        readonly prerequisiteComparisonValue: ConfigCatValue;
      };
    };

/** A targeting rule: one value, or percentages that sum up to 100. */
export interface ConfigCatRule {
  readonly conditions: readonly ConfigCatCondition[];
  readonly percentageOptions: readonly ConfigCatOption[];
  readonly value?: ConfigCatValue | null | undefined;
}

/** What may be changed of a flag in one environment. */
export interface ConfigCatFormula {
  readonly defaultValue: ConfigCatValue;
  readonly targetingRules: readonly ConfigCatRule[];
  readonly percentageEvaluationAttribute: string | null;
}

const isSet = (each: unknown): boolean => each !== null && each !== undefined;

const value = z
  .strictObject({
    boolValue: z.boolean().nullish(),
    stringValue: z.string().nullish(),
    intValue: z.int().nullish(),
    doubleValue: z.number().nullish(),
  })
  .refine((held) => Object.values(held).filter(isSet).length === 1);

const option = z.strictObject({ percentage: z.int().min(0).max(100), value });

const condition = z.union([
  z.strictObject({
    userCondition: z.strictObject({
      comparisonAttribute: z.string().max(1000),
      comparator: z.enum(["textEquals", "sensitiveTextEquals"]),
      comparisonValue: z.strictObject({ stringValue: z.string() }),
    }),
  }),
  z.strictObject({
    prerequisiteFlagCondition: z.strictObject({
      prerequisiteSettingId: z.int(),
      comparator: z.enum(["equals", "doesNotEqual"]),
      prerequisiteComparisonValue: value,
    }),
  }),
]);

const sumsUp = ({ percentageOptions: options }: { readonly percentageOptions: readonly ConfigCatOption[] }): boolean =>
  options.length === 0 || options.reduce((sum, { percentage }) => sum + percentage, 0) === 100;

/** Refuses what the public API documents as a bad request. */
export const configCatFormulaSchema: z.ZodType<ConfigCatFormula> = z.strictObject({
  defaultValue: value,
  targetingRules: z.array(
    z
      .strictObject({ conditions: z.array(condition), percentageOptions: z.array(option), value: value.nullish() })
      .refine(sumsUp),
  ),
  percentageEvaluationAttribute: z.string().nullable(),
});
