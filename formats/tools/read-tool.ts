import { isRecord } from "../../features/is-record.ts";
import { objectOf, textOf } from "../json/read-json.ts";

/** A tool that a request offers. */
export interface OfferedTool {
  /** What the definition says it is, `function` for most; empty where it says nothing. */
  readonly type: string;
  /** Empty when it has none. */
  readonly name: string;
  readonly description: unknown;
  /** The JSON Schema of the arguments, as it was given; undefined without one. */
  readonly schema: unknown;
}

/**
 * Reads the definition of a tool as requests and spans hold it: bare (Responses, Anthropic, Gemini, old functions, Vercel
 * AI), or below `function`, `custom` (chat completions) or `toolSpec` (Bedrock).
 */
export const readTool = (definition: unknown): OfferedTool => {
  const outer = objectOf(definition);
  const nested = outer.function ?? outer.custom ?? outer.toolSpec;
  const { name, description, parameters, parametersJsonSchema, input_schema, inputSchema } = isRecord(nested)
    ? nested
    : outer;
  const schema = parameters ?? parametersJsonSchema ?? input_schema ?? inputSchema;
  return { type: textOf(outer.type), name: textOf(name), description, schema };
};
