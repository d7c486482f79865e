import { isRecord } from "../../../features/is-record.ts";
import { numbered, type Recorded, structured } from "./recorded-values.ts";

/** The tools a request offered, as a span carries them. */
export interface RecordedTools {
  readonly names: readonly string[];
  /** JSON Schema of the parameters, by name. */
  readonly schemas: ReadonlyMap<string, unknown>;
}

/** Tools as one list (conventions, Vercel AI), or one attribute each (OpenInference). */
const definitions = (recorded: Recorded): readonly unknown[] => {
  for (const name of ["gen_ai.tool.definitions", "ai.prompt.tools"]) {
    const value = structured(recorded.get(name));
    if (Array.isArray(value)) return value;
  }
  return numbered(recorded, "llm.tools", ".tool.json_schema");
};

/** The tools in a span's attributes; null when it names none. */
export const recordedTools = (recorded: Recorded): RecordedTools | null => {
  const names: string[] = [];
  const schemas = new Map<string, unknown>();
  for (const definition of definitions(recorded).map(structured).filter(isRecord)) {
    const tool = isRecord(definition.function) ? definition.function : definition;
    if (typeof tool.name !== "string") continue;
    names.push(tool.name);
    const schema = tool.parameters ?? tool.input_schema ?? tool.inputSchema;
    if (schema != null) schemas.set(tool.name, schema);
  }
  return names.length > 0 ? { names, schemas } : null;
};
