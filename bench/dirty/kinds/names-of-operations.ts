import { operationOf } from "../../../formats/dialects/read/operation-of.ts";
import { OPERATION_SIBLINGS, type OperationSibling } from "../../../test/formats/dialects/operation-siblings.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const caseOf =
  (before: Readonly<Record<string, string>>) =>
  ({ sender, attributes, operation }: OperationSibling): DirtyCase => ({
    input: sender,
    right: operation,
    before: before[sender] ?? operation,
    measure: () => operationOf((name) => attributes[name]) ?? "none",
    isRight: (said) => said === operation,
  });

/** Where something else was said before. */
const BEFORE: Readonly<Record<string, string>> = {
  'operation "CHAT_COMPLETION"': "none",
  'operation "chat.completions"': "none",
  'operation "chat.completions.create"': "none",
  'operation "chatCompletion"': "none",
  'operation "openai.chat.completions"': "none",
  'operation "gen_ai.chat"': "none",
  'operation "responses"': "none",
  'operation "responses.create"': "none",
  'operation "Responses"': "none",
  'operation "messages"': "none",
  'operation "messages.create"': "none",
  'operation "anthropic.messages"': "none",
  'operation "acompletion"': "none",
  'operation "converse"': "none",
  'operation "converse_stream"': "none",
  'operation "ConverseStream"': "none",
  'operation "invoke_model"': "none",
  'operation "InvokeModel"': "none",
  'operation "InvokeModelWithResponseStream"': "none",
  'operation "generate"': "none",
  'operation "agenerate"': "none",
  'operation "inference"': "none",
  'operation "generate_text"': "none",
  'operation "stream_text"': "none",
  'operation "llm"': "none",
  'operation "call_llm"': "none",
  'operation " chat "': "none",
  'operation "generateContent"': "none",
  'operation "generate_content_stream"': "none",
  'operation "models.generate_content"': "none",
  'operation "completions"': "none",
  'operation "text-completion"': "none",
  'operation "text_generation"': "none",
  'operation "embed"': "none",
  'operation "embeddings.create"': "none",
  'operation "aembedding"': "none",
  'operation "embed_content"': "none",
  'operation "EmbedContent"': "none",
  "model and usage alone": "none",
  "model and usage under old names": "none",
  "model and usage as text": "none",
  "an embedding model and usage": "none",
  "an empty operation": "none",
  "OpenLLMetry: request type messages": "none",
};

/** Names of operations before and beside the conventions', and spans that name none. */
export const namesOfOperations: DirtyKind = {
  kind: "capture: what is a call of a model",
  cases: OPERATION_SIBLINGS.map(caseOf(BEFORE)),
};
