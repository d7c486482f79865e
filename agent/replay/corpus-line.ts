import type { JsonObject } from "../../formats/json/json-object.ts";
import type { Question } from "../../formats/questions/question.ts";

type Arguments = string | Readonly<Record<string, unknown>>;
type Name = string | number | boolean | null | undefined;

/** A part of a message, as chat completions or as the GenAI conventions have it. */
export type CorpusPart =
  | { readonly type: "text"; readonly text?: string | undefined; readonly content?: string | undefined }
  | { readonly type: "image_url"; readonly image_url: string | { readonly url: string } }
  | { readonly type: "uri"; readonly modality: string; readonly uri: string }
  | {
      readonly type: "tool_call";
      readonly id?: string | undefined;
      readonly name: string;
      readonly arguments?: Arguments | undefined;
    }
  | { readonly type: "tool_call_response"; readonly id?: string | undefined; readonly response?: unknown }
  | { readonly type: "reasoning" | "blob" };

/** A message as it stands in a corpus. */
export interface CorpusMessage {
  readonly role: "system" | "developer" | "user" | "assistant" | "model" | "tool";
  readonly content?: string | readonly CorpusPart[] | null | undefined;
  readonly parts?: readonly CorpusPart[] | undefined;
  readonly tool_calls?:
    | readonly {
        readonly id?: string | undefined;
        readonly function: { readonly name: string; readonly arguments?: Arguments | undefined };
      }[]
    | null
    | undefined;
  readonly tool_call_id?: string | undefined;
}

interface NamedTool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters?: Arguments | undefined;
}

/** A tool that a request of a corpus offers, as chat completions have it or bare. */
export type CorpusTool = NamedTool | { readonly function: NamedTool };

/** What is asked, in the words of chat completions, which most corpora are written in. Null is unsaid. */
export interface CorpusRequest {
  readonly messages?: readonly CorpusMessage[] | undefined;
  readonly system?: string | undefined;
  readonly tools?: readonly CorpusTool[] | null | undefined;
  readonly tool_choice?:
    | ("auto" | "none" | "required")
    | { readonly function: { readonly name: string } }
    | null
    | undefined;
  readonly response_format?:
    | { readonly type: "text" | "json_object" }
    | {
        readonly type: "json_schema";
        readonly json_schema: { readonly name: string; readonly schema?: unknown; readonly strict?: unknown };
      }
    | null
    | undefined;
  readonly temperature?: number | null | undefined;
  readonly top_p?: number | null | undefined;
  readonly max_tokens?: number | null | undefined;
  readonly max_completion_tokens?: number | null | undefined;
  readonly stop?: string | readonly string[] | null | undefined;
  readonly seed?: number | null | undefined;
}

/** One line of a corpus: whose answer it is to be, and what is asked. */
export interface CorpusLine extends CorpusRequest {
  readonly prompt_id?: Name;
  readonly task?: Name;
  readonly conversation_id?: Name;
  /** A text is one message of the user; where there are `messages` it is not looked at. */
  readonly prompt?: unknown;
  /** Which of messages, system and tools whoever captured them shortened. */
  readonly truncated?: readonly string[] | null | undefined;
  /** A request as a provider was sent it. */
  readonly request?: { readonly format: string; readonly body: Readonly<Record<string, unknown>> } | undefined;
}

/** What is to be asked: in no provider's words, or as one was sent it. */
export type CorpusQuestion =
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "body"; readonly format: string; readonly body: JsonObject };
