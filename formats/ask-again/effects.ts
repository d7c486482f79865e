import { isRecord } from "../../features/is-record.ts";
import type { JsonObject } from "../json/json-object.ts";
import { listOf } from "../json/read-json.ts";

/** Why a request must not be made a second time: what it would do beside giving an answer, or what it can only be asked with. */
export type Effect = "server-tools" | "stored" | "background" | "upload";

/** Kinds of tools whose calls the app carries out, or nobody: the provider runs none of them. */
const CLIENT_TOOLS = /^(?:function|custom|bash|text_editor|computer|memory|local_shell|apply_patch|str_replace)/;

/** Gemini's tools are members of an object, and only these are the app's. */
const CLIENT_MEMBERS = new Set(["functionDeclarations", "function_declarations"]);

const runsAtProvider = (tool: unknown): boolean => {
  if (!isRecord(tool)) return true;
  if (typeof tool.type === "string") return !CLIENT_TOOLS.test(tool.type);
  // Without a type it is a function: Anthropic's and Cohere's have a name, OpenAI's the member, Gemini's a list of them.
  if ("name" in tool || "function" in tool) return false;
  return !Object.keys(tool).every((key) => CLIENT_MEMBERS.has(key));
};

/** Members that have the provider search, fetch or run something, by whichever provider. */
const ACTING = ["web_search_options", "search_parameters", "mcp_servers", "connectors", "plugins", "data_sources"];

/** Members that stand for something kept at the provider: a conversation, a cache of one model, a machine. */
const KEPT = [
  "previous_response_id",
  "conversation",
  "conversation_id",
  "cachedContent",
  "cached_content",
  "container",
];

const isSaid = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);

/** A reference to an uploaded file. In the text of a message the quotes would be written `\"`. */
const FILE = /"(?:file_id|file_uri|fileUri|file_ids)"\s{0,4}:/;

/** What the request of this body, whose JSON is `text`, would do a second time; null where it only gives an answer. */
export const effectOf = (body: JsonObject, text: string): Effect | null => {
  if (isSaid(body.background) || body.service_tier === "batch") return "background";
  if (body.store === true || KEPT.some((name) => isSaid(body[name]))) return "stored";
  if (ACTING.some((name) => isSaid(body[name])) || listOf(body.tools).some(runsAtProvider)) return "server-tools";
  return FILE.test(text) ? "upload" : null;
};
