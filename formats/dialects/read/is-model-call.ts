import type { AttributeValue } from "./attributes.ts";
import { operationOf } from "./operation-of.ts";

/** True for a span of one call of a model, given its attributes as an SDK holds them. */
export const isModelCall = (attributes: Readonly<Record<string, unknown>>): boolean =>
  operationOf((name) => attributes[name] as AttributeValue | undefined) !== null;
