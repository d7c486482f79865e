import { Webhook } from "standardwebhooks";
import { z } from "zod";

const isSecret = (text: string): boolean => {
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text);
  const bytes = Buffer.from(match?.[1] ?? "", "base64");
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString("base64") === match?.[1];
};

/** `whsec_` and the base64 of 24 to 64 bytes. */
export const secretSchema: z.ZodType<string> = z
  .string({ error: "no text; expected whsec_ and base64" })
  .refine(isSecret, { error: "no usable secret; expected whsec_ and the base64 of 24 to 64 random bytes" });

/** The id as a header can carry it. Ids are plain ASCII unless a migration's name is not. */
const headerId = (id: string): string => (/^[\x21-\x7e]+$/.test(id) ? id : encodeURIComponent(id.toWellFormed()));

/**
 * Signs bodies as https://www.standardwebhooks.com has it: the headers of a JSON body whose `webhook-id`, the same on every
 * try, is `id`. Throws on a secret that `secretSchema` refuses.
 */
export const createSigner = (
  secret: string,
  now: () => number,
): ((id: string, body: string) => Readonly<Record<string, string>>) => {
  const signer = new Webhook(secret);
  return (written, body) => {
    const [id, at] = [headerId(written), new Date(now())];
    return {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": signer.sign(id, at, body),
    };
  };
};
