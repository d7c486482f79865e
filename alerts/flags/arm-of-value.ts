import type { VariantValues } from "./evaluate-flag.ts";

const ARMS = ["canary", "baseline"] as const;

/** The model that a configuration object names, as flags that carry one usually call it. */
const modelOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "model" in value ? value.model : undefined;

/** A text that holds a JSON object is one: many flag systems store configurations as text. */
const unpacked = (value: unknown): unknown => {
  if (typeof value !== "string" || !value.trimStart().startsWith("{")) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

/**
 * The arm that a variation of a flag stands for: by its value (the arm's model, an object whose `model` is, or true for
 * the candidate and false for the baseline), else by its name, or a value that is an arm's name (`canary`, `baseline`). Where both
 * arms have one model, as when only the prompt is another, the names alone tell. Null when it is neither's.
 */
export const armOfValue = (
  { name, value }: { readonly name: string; readonly value: unknown },
  values: VariantValues,
): "baseline" | "canary" | null => {
  if (typeof value === "boolean") return value ? "canary" : "baseline";
  const held = unpacked(value);
  const model = modelOf(held) ?? held;
  const byModel = values.baseline === values.canary ? undefined : ARMS.find((arm) => model === values[arm]);
  const byName = [name, held].map((text) => ARMS.find((arm) => typeof text === "string" && text.toLowerCase() === arm));
  return byModel ?? byName.find((arm) => arm !== undefined) ?? null;
};
