import type { JsonObject } from "../../formats/json/json-object.ts";
import { formatProblem, parseWith } from "../config/problem.ts";
import type { CorpusLine, CorpusQuestion, CorpusRequest } from "./corpus-line.ts";
import { REQUEST_KEYS, requestSchema } from "./corpus-schema.ts";
import { questionOf } from "./question-of.ts";

const NOTHING = "nothing is asked; expected messages, a prompt that is text, or request: { format, body }";

type Read = Extract<CorpusQuestion, { readonly kind: "question" }> | { readonly problem: string };

const asQuestion = (request: CorpusRequest & JsonObject): Read => {
  const question = questionOf(request);
  return "lost" in question
    ? {
        problem: `${question.lost}: cannot be said to every provider; expected it left out, or request: { format, body }`,
      }
    : { kind: "question", question };
};

/** What a line asks; or why that is nothing. */
export const readRequest = (line: CorpusLine & JsonObject): CorpusQuestion | { readonly problem: string } => {
  const { request, messages, prompt, truncated } = line;
  const shortened = truncated?.find((what) => what !== "output");
  if (shortened !== undefined)
    return { problem: `${shortened}: shortened when it was captured; it would be another question` };
  if (request !== undefined) return { kind: "body", ...request };
  if (messages !== undefined) return asQuestion(line);
  if (typeof prompt !== "string" || prompt === "") return { problem: NOTHING };
  return asQuestion({ ...line, messages: [{ role: "user", content: prompt }] });
};

/** Members of a body that say how an answer comes, who is billed and what is kept: no part of the question. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  ...["model", "stream", "stream_options", "n", "store", "user", "metadata", "safety_identifier"],
  ...["prompt_cache_key", "prompt_cache_retention"],
]);

const isSaid = ([key, value]: readonly [string, unknown]): boolean =>
  value !== null && value !== undefined && !NOT_ASKED.has(key);

/** What a body of chat completions asks, for providers that have other words; or what of it they have no place for. */
export const readChatBody = (body: JsonObject): Read => {
  const request = Object.fromEntries(Object.entries(body).filter(isSaid));
  const unknown = Object.keys(request).find((key) => !REQUEST_KEYS.has(key));
  if (unknown !== undefined) return { problem: `${unknown}: cannot be said to every provider` };
  const known = parseWith(requestSchema, request, "");
  if (!("value" in known)) return { problem: known.problems.map(formatProblem).slice(0, 3).join("; ") };
  return known.value.messages === undefined
    ? { problem: NOTHING }
    : asQuestion(known.value as CorpusRequest & JsonObject);
};
