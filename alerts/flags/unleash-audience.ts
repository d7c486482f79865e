import { z } from "zod";
import type { Audience } from "../../core/audience.ts";
import { plainAudienceProblem } from "./plain-audience.ts";

/**
 * Says of a strategy's constraints that they are Leeway's: every user keeps it, as nobody's context says so. What a person added has
 * none, and is never changed.
 */
const MARK = { contextName: "leeway", operator: "NOT_IN", values: ["nobody"] } as const;

const constraintSchema = z.looseObject({
  contextName: z.string(),
  operator: z.string(),
  values: z.array(z.string()).nullish(),
  inverted: z.boolean().nullish(),
  caseInsensitive: z.boolean().nullish(),
});

type Constraint = z.infer<typeof constraintSchema>;

const isPlain = ({ inverted, caseInsensitive }: Constraint): boolean => inverted !== true && caseInsensitive !== true;

const isMark = ({ contextName, operator, values }: Constraint): boolean =>
  contextName === MARK.contextName && operator === MARK.operator && values?.join() === MARK.values.join();

/**
 * Whom a strategy is for by its constraints: everybody (null) without any, the audience that Leeway wrote, or undefined where a
 * person wrote some, or changed Leeway's.
 */
export const audienceOfConstraints = (
  constraints: readonly unknown[] | null | undefined,
): Audience | null | undefined => {
  const all = constraints ?? [];
  if (all.length === 0) return null;
  const read = z.array(constraintSchema).length(2).safeParse(all);
  if (!read.success || !read.data.every(isPlain)) return undefined;
  const own = read.data.filter((each) => !isMark(each));
  const [only] = own;
  const values = only?.operator === "IN" ? [...new Set(only.values ?? [])].sort() : [];
  return own.length === 1 && only !== undefined && values.length > 0
    ? { segment: only.contextName, values }
    : undefined;
};

/** The constraints that leave a strategy to an audience; none for everybody. */
export const constraintsFor = (audience: Audience | null): readonly object[] =>
  audience === null
    ? []
    : [{ contextName: audience.segment, operator: "IN", values: audience.values }, MARK].map((each) => ({
        ...each,
        inverted: false,
        caseInsensitive: false,
      }));

/** Why Unleash cannot give a share to these alone; empty when it can. Its SDKs cut the blanks around a constraint's values. */
export const unleashAudienceProblem = (audience: Audience): string => {
  const blank = audience.values.find((value) => value.trim() !== value);
  return blank === undefined
    ? plainAudienceProblem(audience)
    : `compares values without the blanks around them, and one of ${audience.segment} is ${JSON.stringify(blank)}; expected one without`;
};
