import type { Operation } from "../dialect-kind.ts";
import { KINDS } from "../kinds.ts";
import type { AttributeValue } from "./attributes.ts";
import { textOf } from "./values.ts";

const SAYINGS = KINDS.flatMap(({ says }) => says ?? []);
const CONTAINERS = KINDS.flatMap(({ containers }) => containers ?? []);
const PROVIDERS = KINDS.flatMap(({ provider }) => provider ?? []);
const MODELS = KINDS.flatMap(({ model }) => model ?? []);

/**
 * Which call of a model a span with these attributes is, whatever dialect wrote it; null when it is none. The first
 * dialect whose attribute says what the span is decides. Older instrumentations name no operation at all: provider and
 * model then make a chat call.
 */
export const operationOf = (attribute: (name: string) => AttributeValue | undefined): Operation | null => {
  for (const { key, calls } of SAYINGS) {
    const value = textOf(attribute(key)).toLowerCase();
    if (value !== "") return Object.hasOwn(calls, value) ? (calls[value] ?? null) : null;
  }
  const has = (name: string): boolean => (attribute(name) ?? null) !== null;
  return !CONTAINERS.some(has) && PROVIDERS.some(has) && MODELS.some(has) ? "chat" : null;
};
