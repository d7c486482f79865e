import { z } from "zod";
import type { Why } from "../../core/why.ts";
import { day } from "./day.ts";

/** Only of what has no other problem: a key that is unknown says enough. */
const when = ({ issues }: z.core.ParsePayload): boolean => issues.length === 0;

const words = z.string().trim().min(1).max(500);

const improvement = z
  .strictObject({ suite: z.string().trim().min(1).max(500).optional(), benchmark: words.optional() })
  .refine((written) => Object.values(written).some((each) => each !== undefined), {
    message: "says nothing; expected suite, the path of a suite's result, or benchmark",
    when,
  });

/** Why, as it is written. */
export interface WrittenWhy {
  readonly deprecation?: string | undefined;
  readonly improvement?: { readonly suite?: string | undefined; readonly benchmark?: string | undefined } | undefined;
  readonly cost?: string | undefined;
  readonly other?: string | undefined;
}

/** Reads it, one kind of reason a key. */
export const writtenWhy: z.ZodType<WrittenWhy> = z
  .strictObject({
    deprecation: day.optional(),
    improvement: improvement.optional(),
    cost: words.optional(),
    other: words.optional(),
  })
  .refine((why) => Object.values(why).some((each) => each !== undefined), {
    message: "says nothing; expected one of deprecation, improvement, cost, other",
    when,
  });

/** The reasons of a document: what was left out is not there. */
export const readWhy = ({ deprecation, improvement: better, cost, other }: WrittenWhy): Why => ({
  ...(deprecation === undefined ? {} : { deprecation }),
  ...(better === undefined ? {} : { improvement: readImprovement(better) }),
  ...(cost === undefined ? {} : { cost }),
  ...(other === undefined ? {} : { other }),
});

const readImprovement = ({
  suite,
  benchmark,
}: NonNullable<WrittenWhy["improvement"]>): NonNullable<Why["improvement"]> => ({
  ...(suite === undefined ? {} : { suite }),
  ...(benchmark === undefined ? {} : { benchmark }),
});
