import { isRecord } from "../../../features/is-record.ts";
import { readTool } from "../../tools/read-tool.ts";
import { structured } from "./recorded-values.ts";

/** The tools a request offered, as a span carries them. */
export interface RecordedTools {
  readonly names: readonly string[];
  /** JSON Schema of the parameters, by name. */
  readonly schemas: ReadonlyMap<string, unknown>;
}

/** Reads definitions of tools, which may be JSON text; null when there are none. */
export const recordedTools = (definitions: readonly unknown[]): RecordedTools | null => {
  const names: string[] = [];
  const schemas = new Map<string, unknown>();
  for (const definition of definitions.map(structured).filter(isRecord)) {
    const { name, schema } = readTool(definition);
    if (name === "") continue;
    names.push(name);
    if (schema != null) schemas.set(name, schema);
  }
  return names.length > 0 ? { names, schemas } : null;
};
