import type { AskedFor } from "../../features/answer.ts";
import { isRecord } from "../../features/is-record.ts";
import type { OfferedTool } from "./read-tool.ts";

/** The tools of a request as features need them. Those without a name are left out; a schema is an object or unknown. */
export const offeredTools = (
  offered: readonly Pick<OfferedTool, "name" | "schema">[],
): Required<Pick<AskedFor, "tools" | "toolSchemas">> => {
  const named = offered.filter(({ name }) => name !== "");
  return {
    tools: named.map(({ name }) => name),
    toolSchemas: new Map(named.flatMap(({ name, schema }) => (isRecord(schema) ? [[name, schema]] : []))),
  };
};
