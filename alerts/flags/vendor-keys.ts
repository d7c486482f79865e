import { z } from "zod";
import { parseDuration } from "../../core/parse-amount.ts";

/** Header values are sent as they are; a blank or a line break in one is a mistake of copying. */
const TOKEN = /^[\x21-\x7e]{1,4096}$/;
const NAME = /^[^\s/?#\\]{1,256}$/;

/** Schema of an API token. Its message never repeats it. */
export const tokenSchema: z.ZodType<string> = z
  .string({ error: "no text; expected the token" })
  .regex(TOKEN, { error: "no usable token; expected one word of ASCII characters without blanks" });

/** Schema of what the flag system calls a project, an environment or a rule. */
export const vendorNameSchema: z.ZodType<string> = z
  .string({ error: "no text; expected the key that the flag system's own pages show" })
  .regex(NAME, { error: "no usable key; expected one word, as the flag system's own pages show it" });

const isBase = (text: string): boolean => {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return [url.username, url.password, url.search, url.hash].every((part) => part === "");
};

/** Schema of an API's address, with `base` as default: https, or http for one's own; without a slash at its end. */
export const baseSchema = (base: string): z.ZodType<string> =>
  z
    .string()
    .refine(isBase, { error: "no usable address; expected an http or https URL without user, query and fragment" })
    .transform((text) => text.replace(/\/+$/, ""))
    .default(base);

/** Schema of `propagation`: how long apps take to see a flip, where they are set otherwise than by default. In ms. */
export const propagationSchema: z.ZodType<number | undefined> = z
  .string()
  .transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== null && ms <= 3_600_000) return ms;
    context.addIssue({ code: "custom", message: "no usable duration; expected up to 1h, such as 30s" });
    return z.NEVER;
  })
  .optional();
