import { isRecord } from "../../features/is-record.ts";
import { listOf, objectOf, textOf } from "../json/read-json.ts";

/** What a provider says of a failure. The message may quote the prompt: it is read, and never passed on. */
export interface ErrorFacts {
  /** HTTP status; null where there was none, or where it was a success all the same. */
  readonly status: number | null;
  /** Codes, types and classes, the most telling first. */
  readonly codes: readonly string[];
  /** The parameter it says it is about; empty = unsaid. */
  readonly parameter: string;
  readonly message: string;
}

/** Longer error bodies are no provider's. */
const MAX_BODY_CHARS = 64 * 1024;

/** As much of a message as is looked through. */
const MAX_MESSAGE_CHARS = 2000;

const codeText = (value: unknown): string => (typeof value === "number" ? String(value) : textOf(value));

/** The first of a list of problems, as FastAPI writes them (Mistral, vLLM and others): where, and what. */
const detailOf = (detail: unknown): Pick<ErrorFacts, "codes" | "parameter" | "message"> => {
  const { type, loc, msg } = objectOf(listOf(detail)[0]);
  const path = listOf(loc).filter((part) => part !== "body");
  return { codes: [codeText(type)], parameter: codeText(path[0]), message: textOf(msg) || textOf(detail) };
};

/** The code that gRPC's error details hold (Google). */
const reasonsOf = (details: unknown): readonly string[] => listOf(details).map((each) => textOf(objectOf(each).reason));

const factsOfBody = (body: unknown): Omit<ErrorFacts, "status"> => {
  const first = Array.isArray(body) ? body[0] : body;
  const outer = objectOf(first);
  const error = isRecord(outer.error) ? outer.error : outer;
  const message = isRecord(error.message) ? error.message : error;
  const detail = detailOf(message.detail ?? outer.detail);
  const { innererror, code, type, status, details, __type } = error;
  return {
    codes: [
      ...[codeText(objectOf(innererror).code), ...reasonsOf(details), codeText(code)],
      ...[codeText(type), codeText(status), codeText(__type), ...detail.codes],
    ].filter((each) => each !== "" && each !== "error"),
    parameter: codeText(error.param) || detail.parameter,
    message: textOf(error.message) || textOf(outer.error) || textOf(outer.message) || detail.message || textOf(first),
  };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isMarkup = (text: string): boolean => text.trimStart().startsWith("<");

/** What the body of an error says; nothing where it is empty, too long, or a proxy's page. */
const readBody = (text: string): Omit<ErrorFacts, "status"> => {
  const nothing = { codes: [], parameter: "", message: "" };
  if (text === "" || text.length > MAX_BODY_CHARS || isMarkup(text)) return nothing;
  const body = parseJson(text);
  return body === undefined ? { ...nothing, message: text } : factsOfBody(body);
};

/** Puts together what is known of a failure: its status, its body, and codes that came another way (headers, classes). */
export const errorFacts = (status: number | null, body: string, codes: readonly string[] = []): ErrorFacts => {
  const said = readBody(body);
  return {
    status: status !== null && status >= 400 ? status : null,
    codes: [...codes.filter((code) => code !== ""), ...said.codes],
    parameter: said.parameter,
    message: said.message.slice(0, MAX_MESSAGE_CHARS),
  };
};
