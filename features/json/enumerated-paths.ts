import { isRecord } from "../is-record.ts";

const MAX_DEPTH = 8;
const MAX_STEPS = 500;

const visit = (schema: unknown, path: string, depth: number, found: Set<string>, steps: { left: number }): void => {
  steps.left -= 1;
  if (!isRecord(schema) || depth > MAX_DEPTH || steps.left < 0) return;
  if (Array.isArray(schema.enum) && path !== "") found.add(path);
  if (schema.items !== undefined) visit(schema.items, `${path}[]`, depth + 1, found, steps);
  if (!isRecord(schema.properties)) return;
  for (const [name, below] of Object.entries(schema.properties))
    visit(below, `${path}.${name}`, depth + 1, found, steps);
};

/**
 * The key paths (`.a.b[].c`) whose values a schema takes from a list (`enum`). Follows properties and items only, 8
 * levels and 500 schemas at most.
 */
export const enumeratedPaths = (schema: unknown): ReadonlySet<string> => {
  const found = new Set<string>();
  visit(schema, "", 0, found, { left: MAX_STEPS });
  return found;
};
