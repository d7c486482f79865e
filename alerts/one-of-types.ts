import { z } from "zod";

const typeOf = (input: unknown): unknown =>
  typeof input === "object" && input !== null && "type" in input ? input.type : undefined;

const problemWith = (noun: string, type: unknown): string =>
  typeof type === "string" ? `unknown ${noun} type ${JSON.stringify(type)}` : `${noun} without a type`;

/** A member of a registry: one value of `type`, and the schema of the entries that have it. */
interface TypedSchema<T> {
  readonly type: string;
  readonly schema: z.ZodType<T>;
}

/**
 * Schema of a configuration chosen by its `type`: each type's own schema judges the rest. An unknown type is one issue at
 * `type` that lists the known ones and repeats nothing but the type, because the keys beside it may be secrets.
 */
export const oneOfTypes = <T>(noun: string, types: readonly TypedSchema<T>[]): z.ZodType<T> => {
  const known = types.map(({ type }) => type).join(", ");
  const error = ({ input }: { readonly input?: unknown }): string =>
    `${problemWith(noun, typeOf(input))}; expected one of: ${known}`;
  // The registry knows its schemas by what they give; that each has a literal `type` is what makes it a registry.
  const schemas = types.map(({ schema }) => schema) as unknown as [z.core.$ZodTypeDiscriminable];
  return z.discriminatedUnion("type", schemas, { error }) as unknown as z.ZodType<T>;
};
