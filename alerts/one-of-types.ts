import { z } from "zod";

const typeOf = (input: unknown): unknown =>
  typeof input === "object" && input !== null && "type" in input ? input.type : undefined;

const problemWith = (noun: string, type: unknown): string =>
  typeof type === "string" ? `unknown ${noun} type ${JSON.stringify(type)}` : `${noun} without a type`;

/**
 * Schema of a configuration chosen by its `type`: each type's own schema judges the rest, and its issues are passed
 * on unchanged. An unknown type is one issue at `type` that lists the known ones and repeats nothing but the type,
 * because the keys beside it may be secrets.
 */
export const oneOfTypes = <T>(noun: string, schemas: Readonly<Record<string, z.ZodType<T>>>): z.ZodType<T> =>
  z.unknown().transform((input, context) => {
    const type = typeOf(input);
    const schema = typeof type === "string" && Object.hasOwn(schemas, type) ? schemas[type] : undefined;
    if (!schema) {
      const message = `${problemWith(noun, type)}; expected one of: ${Object.keys(schemas).join(", ")}`;
      context.issues.push({ code: "custom", path: ["type"], message, input });
      return z.NEVER;
    }
    const result = schema.safeParse(input);
    if (result.success) return result.data;
    context.issues.push(...result.error.issues.map((issue) => ({ ...issue, input }) as z.core.$ZodRawIssue));
    return z.NEVER;
  });
