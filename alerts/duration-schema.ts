import { z } from "zod";
import { parseDuration } from "../core/parse-amount.ts";

/** A duration as people write it (`200ms`, `5s`, `4h`, `14d`), as milliseconds. */
export const durationSchema: z.ZodType<number> = z.unknown().transform((input, context) => {
  const ms = typeof input === "string" ? parseDuration(input) : null;
  if (ms !== null) return ms;
  const found = JSON.stringify(input) ?? "missing";
  context.issues.push({
    code: "custom",
    message: `${found}; expected a duration such as 200ms, 5s, 4h or 14d`,
    input,
  });
  return z.NEVER;
});
