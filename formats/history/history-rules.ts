import type { ModelFamily } from "./model-family.ts";

/** What kind of leftover it is. */
export type LeftoverKind =
  | "reasoning"
  | "tool-id"
  | "cache-marker"
  | "server-tool"
  | "server-state"
  | "item-id"
  | "role"
  | "file-reference"
  | "parameter"
  | "unread";

/** One member of an object of a history, seen without running anything of it. */
export interface HistoryMember {
  readonly name: string;
  readonly value: unknown;
  /** The other plain members of the same object. */
  readonly beside: ReadonlyMap<string, unknown>;
}

/** One thing that only some models understand. */
export interface HistoryRule {
  readonly kind: LeftoverKind;
  /** Whose it is; `any` = of whichever model wrote it. */
  readonly family: ModelFamily | "any";
  /** True where another model of the same family cannot read it either. */
  readonly isOfOneModel?: boolean;
  readonly matches: (member: HistoryMember) => boolean;
  readonly problem: string;
  readonly do: string;
}

const isText = (value: unknown, pattern: RegExp): boolean =>
  typeof value === "string" && pattern.test(value.slice(0, 256));

/** A member of one of these names whose text fits. */
const member = (names: readonly string[], pattern?: RegExp) => {
  const wanted = new Set(names);
  return ({ name, value }: HistoryMember): boolean =>
    wanted.has(name) && value !== null && value !== undefined && (pattern === undefined || isText(value, pattern));
};

/** The `type` of a block or item, where what stands beside it fits as well. */
const type = (pattern: RegExp, beside: (members: ReadonlyMap<string, unknown>) => boolean = () => true) => {
  return (each: HistoryMember): boolean => each.name === "type" && isText(each.value, pattern) && beside(each.beside);
};

const TOOL_IDS = ["id", "tool_use_id", "tool_call_id", "toolUseId", "toolCallId", "call_id"] as const;

const RENAME = "give the call and its result a new id, the same at both, that the next model takes";
const DROP_REASONING = "leave the block out; the visible answer stays";

/** What each provider leaves in a history that another one, or its next model, cannot use. */
export const HISTORY_RULES: readonly HistoryRule[] = [
  {
    kind: "reasoning",
    family: "anthropic",
    isOfOneModel: true,
    matches: type(/^thinking$/, (beside) => !Array.isArray(beside.get("thinking"))),
    problem: "a thinking block, signed for the Claude model that wrote it",
    do: DROP_REASONING,
  },
  {
    kind: "reasoning",
    family: "anthropic",
    isOfOneModel: true,
    matches: type(/^redacted_thinking$/),
    problem: "encrypted thinking, which only the Claude model that wrote it can read",
    do: DROP_REASONING,
  },
  {
    kind: "tool-id",
    family: "anthropic",
    matches: member(TOOL_IDS, /^(toolu|srvtoolu)_/),
    problem: "an id of a tool call in Anthropic's form",
    do: RENAME,
  },
  {
    kind: "cache-marker",
    family: "anthropic",
    matches: member(["cache_control", "cacheControl"]),
    problem: "a marker of Anthropic's prompt cache",
    do: "leave it out; caches are one model's own, and the first turn is paid in full",
  },
  {
    kind: "server-tool",
    family: "anthropic",
    matches: type(
      /^(server_tool_use|mcp_tool_(use|result)|container_upload|web_(search|fetch)_tool_result|\w*code_execution_tool_result)$/,
    ),
    problem: "a tool that ran at Anthropic",
    do: "replace call and result by their text",
  },
  {
    kind: "reasoning",
    family: "openai",
    isOfOneModel: true,
    matches: type(/^reasoning$/, (beside) => beside.has("summary") || beside.has("encrypted_content")),
    problem: "a reasoning item of OpenAI, by id or encrypted",
    do: DROP_REASONING,
  },
  {
    kind: "reasoning",
    family: "openai",
    isOfOneModel: true,
    matches: member(["encrypted_content", "reasoningEncryptedContent"]),
    problem: "encrypted reasoning or compaction, which only the organisation and model that wrote it can read",
    do: "leave the item out",
  },
  {
    kind: "tool-id",
    family: "openai",
    matches: member(TOOL_IDS, /^(call|fc)_/),
    problem: "an id of a tool call in OpenAI's form",
    do: RENAME,
  },
  {
    kind: "item-id",
    family: "openai",
    matches: member(["id", "itemId"], /^(msg|rs|resp|ws|fs|ci|ig|mcp|mcpl|cu|ctc)_/),
    problem: "an id of an item that is kept at OpenAI",
    do: "leave the id out and send the content",
  },
  {
    kind: "server-state",
    family: "openai",
    matches: member(["previous_response_id", "previousResponseId"], /./),
    problem: "the history before it is kept at OpenAI, not in these messages",
    do: "send the whole history",
  },
  {
    kind: "server-state",
    family: "openai",
    matches: member(["conversation"], /^conv_/),
    problem: "the history is kept in a conversation at OpenAI, not in these messages",
    do: "read its items and send them",
  },
  {
    kind: "server-state",
    family: "openai",
    matches: type(/^item_reference$/),
    problem: "a reference to an item that is kept at OpenAI",
    do: "send the item itself",
  },
  {
    kind: "server-tool",
    family: "openai",
    matches: type(
      /^((web_search|file_search|code_interpreter|computer|image_generation|local_shell|shell|mcp|tool_search)_call|mcp_(list_tools|approval_re(quest|sponse)))$/,
    ),
    problem: "a tool that ran at OpenAI",
    do: "replace call and result by their text",
  },
  {
    kind: "role",
    family: "openai",
    matches: member(["role"], /^developer$/),
    problem: "the role developer, which others refuse",
    do: "make it the system prompt of the next model",
  },
  {
    kind: "parameter",
    family: "openai",
    matches: member(["id"], /^audio_/),
    problem: "an earlier spoken answer, kept at OpenAI by its id",
    do: "send its transcript as text",
  },
  {
    kind: "reasoning",
    family: "gemini",
    isOfOneModel: true,
    matches: member(["thoughtSignature", "thought_signature"]),
    problem: "a signature of Gemini's thoughts",
    do: "leave it out",
  },
  {
    kind: "reasoning",
    family: "gemini",
    matches: ({ name, value }) => name === "thought" && value === true,
    problem: "a part that is Gemini's thinking, not its answer",
    do: "leave the part out",
  },
  {
    kind: "role",
    family: "gemini",
    matches: ({ name, value, beside }) => name === "role" && value === "model" && beside.has("parts"),
    problem: "Gemini's role model, which others refuse",
    do: "make it assistant, and its parts content",
  },
  {
    kind: "server-tool",
    family: "gemini",
    matches: member(["executableCode", "executable_code", "codeExecutionResult", "code_execution_result"]),
    problem: "code that ran at Google",
    do: "replace code and result by their text",
  },
  {
    kind: "cache-marker",
    family: "gemini",
    matches: member(["cachedContent", "cached_content"], /./),
    problem: "a part of the history is kept in Gemini's cache, not in these messages",
    do: "send what was cached",
  },
  {
    kind: "file-reference",
    family: "gemini",
    matches: member(["fileUri", "file_uri"], /generativelanguage\.googleapis\.com|^gs:/),
    problem: "a file that is kept at Google",
    do: "send the file itself, or upload it again",
  },
  {
    kind: "reasoning",
    family: "mistral",
    matches: type(/^thinking$/, (beside) => Array.isArray(beside.get("thinking"))),
    problem: "a thinking chunk of Magistral",
    do: DROP_REASONING,
  },
  {
    kind: "parameter",
    family: "mistral",
    matches: ({ name, value, beside }) => name === "prefix" && value === true && beside.has("role"),
    problem: "Mistral's prefix of an answer",
    do: "leave it out",
  },
  {
    kind: "reasoning",
    family: "bedrock",
    isOfOneModel: true,
    matches: member(["reasoningContent"]),
    problem: "a reasoning block of Bedrock, signed for the model that wrote it",
    do: DROP_REASONING,
  },
  {
    kind: "tool-id",
    family: "bedrock",
    matches: member(TOOL_IDS, /^tooluse_/),
    problem: "an id of a tool call in Bedrock's form",
    do: RENAME,
  },
  {
    kind: "cache-marker",
    family: "bedrock",
    matches: member(["cachePoint"]),
    problem: "a cache point of Bedrock",
    do: "leave the block out",
  },
  {
    kind: "parameter",
    family: "bedrock",
    matches: member(["guardContent"]),
    problem: "text marked for a guardrail of Bedrock",
    do: "send it as plain text",
  },
  {
    kind: "file-reference",
    family: "openai",
    matches: member(["file_id", "fileId"], /^(file|assistant)-/),
    problem: "a file that is kept at OpenAI",
    do: "send the file itself, or upload it again",
  },
  {
    kind: "file-reference",
    family: "anthropic",
    matches: member(["file_id", "fileId"], /^file_/),
    problem: "a file that is kept at Anthropic",
    do: "send the file itself, or upload it again",
  },
  {
    kind: "reasoning",
    family: "any",
    matches: type(/^reasoning$/, (beside) => beside.has("text")),
    problem: "a reasoning part of the AI SDK, signed or encrypted for the model that wrote it",
    do: DROP_REASONING,
  },
  {
    kind: "reasoning",
    family: "any",
    matches: member(["reasoning_content", "reasoning_details"]),
    problem: "the reasoning of an earlier answer, in the form of DeepSeek or OpenRouter",
    do: "leave it out; the visible answer stays",
  },
  {
    kind: "server-tool",
    family: "any",
    matches: ({ name, value }) => name === "providerExecuted" && value === true,
    problem: "a tool that ran at the provider",
    do: "replace call and result by their text",
  },
];

/** What the next model itself is particular about. */
export const TARGET_RULES: Readonly<Partial<Record<ModelFamily, readonly Omit<HistoryRule, "family">[]>>> = {
  mistral: [
    {
      kind: "tool-id",
      matches: ({ name, value, beside }) =>
        (name === "tool_call_id" || (name === "id" && beside.has("function"))) &&
        typeof value === "string" &&
        !/^[a-zA-Z0-9]{9}$/.test(value.slice(0, 32)),
      problem: "an id of a tool call that Mistral refuses: it takes nine letters and digits",
      do: RENAME,
    },
  ],
};
