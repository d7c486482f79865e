import type { JsonObject } from "../json/json-object.ts";
import type { Question } from "./question.ts";

/** Writes a question to `model` as the body of a request, not streamed. Throws CannotSay. */
export type Say = (question: Question, model: string) => JsonObject;
