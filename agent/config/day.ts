import { z } from "zod";
import { shortText } from "../../core/short-text.ts";

const DAY = z.iso.date();

/** A day with its year, `2027-01-14`, UTC. */
export const day: z.ZodType<string> = z.unknown().transform((input, context) => {
  const read = DAY.safeParse(input);
  if (read.success) return read.data;
  const shown = JSON.stringify(input) ?? "missing";
  const message = `${shortText(shown, 100)}; expected a day with its year, such as 2027-01-14`;
  context.issues.push({ code: "custom", message, input });
  return z.NEVER;
});
