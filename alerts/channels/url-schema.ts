import { z } from "zod";

const isHttpUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
};

/**
 * Schema of the address a channel posts to. `user:password@` is refused: fetch does not take it, and the address
 * would be one more secret. The message never repeats the address, which is a secret where Slack is concerned.
 */
export const urlSchema: z.ZodType<string> = z
  .string({ error: "no text; expected an http or https URL" })
  .refine(isHttpUrl, { error: "no usable address; expected an http or https URL without user:password@" });
