import { operationNamed, plainName } from "../call-names.ts";
import type { DialectKind, Operation } from "../dialect-kind.ts";
import { KINDS } from "../kinds.ts";
import type { AttributeValue } from "./attributes.ts";
import { amountOf, textOf } from "./values.ts";

/** An attribute of a span by its name. */
export type AttributeReader = (name: string) => AttributeValue | undefined;

/** Which call a span is, or what keeps it from being one. */
export type SpanKind =
  /** `isSaid`: it says so itself, or names provider and model; else it is a guess by model and tokens. */
  | { readonly kind: "call"; readonly operation: Operation; readonly isSaid: boolean }
  /** It says what it is (`word`), and that is no call. */
  | { readonly kind: "other"; readonly word: string }
  /** It has an attribute (`mark`) as only spans have that contain calls. */
  | { readonly kind: "container"; readonly mark: string }
  /** It says nothing of what it is, and has too little of a call. */
  | { readonly kind: "unsaid"; readonly lacks: "model" | "provider-and-tokens" };

type Saying = readonly [key: string, calls: ReadonlyMap<string, Operation>];

const sayingOf = ({ says }: DialectKind): readonly Saying[] =>
  says === undefined
    ? []
    : [[says.key, new Map(Object.entries(says.calls).map(([name, operation]) => [plainName(name), operation]))]];

const SAYINGS = KINDS.flatMap(sayingOf);
const CONTAINERS = KINDS.flatMap(({ containers }) => containers ?? []);
const PROVIDERS = KINDS.flatMap(({ provider }) => provider ?? []);
const MODELS = KINDS.flatMap(({ model }) => model ?? []);
const TOKENS = KINDS.flatMap(({ tokens }) => tokens ?? []);

/** Names that are used for any call of a model, and of which embeddings are told by the model's name. */
const ofModel = (operation: Operation, model: string): Operation =>
  operation === "chat" && /embed/i.test(model) ? "embeddings" : operation;

const said = (calls: ReadonlyMap<string, Operation>, word: string, model: string): SpanKind => {
  const operation = operationNamed(calls, word);
  if (operation === null) return { kind: "other", word };
  return { kind: "call", operation: ofModel(operation, model), isSaid: true };
};

/**
 * What a span with these attributes is, whatever dialect wrote it. The first dialect whose attribute says what the span is
 * decides. Some instrumentations name no operation at all: a model with its provider, or with tokens, then makes a call.
 */
export const spanKindOf = (attribute: AttributeReader): SpanKind => {
  const model = MODELS.map((name) => textOf(attribute(name))).find((name) => name !== "") ?? "";
  for (const [key, calls] of SAYINGS) {
    const word = textOf(attribute(key)).trim();
    if (word !== "") return said(calls, word, model);
  }
  const has = (name: string): boolean => (attribute(name) ?? null) !== null;
  const mark = CONTAINERS.find(has);
  if (mark !== undefined) return { kind: "container", mark };
  if (!MODELS.some(has)) return { kind: "unsaid", lacks: "model" };
  const operation = ofModel("chat", model);
  if (PROVIDERS.some(has)) return { kind: "call", operation, isSaid: true };
  return TOKENS.some((name) => (amountOf(attribute(name)) ?? 0) > 0)
    ? { kind: "call", operation, isSaid: false }
    : { kind: "unsaid", lacks: "provider-and-tokens" };
};

/** Which call of a model a span with these attributes is; null when it is none. */
export const operationOf = (attribute: AttributeReader): Operation | null => {
  const span = spanKindOf(attribute);
  return span.kind === "call" ? span.operation : null;
};
