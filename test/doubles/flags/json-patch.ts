import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

/** One operation of a JSON Patch (RFC 6902), of those that flag systems document. */
export type JsonPatchOperation =
  | { readonly op: "test" | "replace" | "add"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

const path = z.string().regex(/^(\/([^~/]|~[01])*)*$/);
const operation = z.discriminatedUnion("op", [
  z.strictObject({ op: z.enum(["test", "replace", "add"]), path, value: z.json() }),
  z.strictObject({ op: z.literal("remove"), path }),
]);

/** A whole patch, which is never empty. */
export const jsonPatchSchema: z.ZodType<readonly JsonPatchOperation[]> = z.array(operation).min(1);

type Container = Record<string, unknown>;

const partsOf = (pointer: string): readonly string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

const parentOf = (document: unknown, parts: readonly string[]): Container | null =>
  parts.slice(0, -1).reduce<Container | null>((at, part) => {
    const next = at !== null && Object.hasOwn(at, part) ? at[part] : null;
    return typeof next === "object" ? (next as Container | null) : null;
  }, document as Container);

/** A copy of `document` with the patch applied, or the number of the operation that does not apply. */
export const applyJsonPatch = (
  document: unknown,
  patch: readonly JsonPatchOperation[],
): { readonly document: unknown } | { readonly failedAt: number; readonly isTest: boolean } => {
  const copy: unknown = structuredClone(document);
  for (const [i, each] of patch.entries()) {
    const parts = partsOf(each.path);
    const parent = parentOf(copy, parts);
    const key = parts.at(-1) ?? "";
    if (parent === null) return { failedAt: i, isTest: each.op === "test" };
    const isThere = Object.hasOwn(parent, key);
    if (each.op === "test") {
      if (!isThere || !isDeepStrictEqual(parent[key], each.value)) return { failedAt: i, isTest: true };
    } else if (each.op === "add" && Array.isArray(parent)) {
      parent.splice(key === "-" ? parent.length : Number(key), 0, each.value);
    } else if (each.op !== "add" && !isThere) {
      return { failedAt: i, isTest: false };
    } else if (each.op === "remove") {
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
    } else parent[key] = each.value;
  }
  return { document: copy };
};
