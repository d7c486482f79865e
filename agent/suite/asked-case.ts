import type { JsonObject } from "../../formats/json/json-object.ts";
import { digest } from "../replay/corpus.ts";
import type { CorpusQuestion, CorpusRequest } from "../replay/corpus-line.ts";
import { readRequest } from "../replay/read-request.ts";
import type { AnswerIndex } from "./answer-index.ts";
import type { SuiteCase } from "./suite.ts";

/** The answers of both models. */
export interface BothAnswers {
  readonly baseline: AnswerIndex;
  readonly candidate: AnswerIndex;
}

/** A model of the two. */
export type Side = keyof BothAnswers;

/** What is to be asked, under the name of what it is made of; `problem`: it cannot be; `waits`: an earlier turn has no answer. */
export type AskedCase =
  | { readonly promptId: string; readonly asked: CorpusQuestion }
  | { readonly problem: string }
  | { readonly waits: true };

const OTHER: Readonly<Record<Side, Side>> = { baseline: "candidate", candidate: "baseline" };

type Messages = NonNullable<CorpusRequest["messages"]>;

const askedOf = (request: CorpusRequest & JsonObject): AskedCase => {
  const asked = readRequest(request);
  return "problem" in asked ? asked : { promptId: `q-${digest(asked)}`, asked };
};

/** The number of questions of a case, one after another. */
export const turnsOf = ({ turns }: SuiteCase): number => Math.max(1, turns.length);

/** A case that is asked once, whatever was answered. */
const alone = new WeakMap<SuiteCase, AskedCase>();

/**
 * Question `turn` (from 0) of a case to a model in a repetition, with the answers before it: the model's own, but before the last one
 * those that the case asks for.
 */
export const askedCase = async (
  suiteCase: SuiteCase,
  { side, repetition, turn }: { readonly side: Side; readonly repetition: number; readonly turn: number },
  answers: BothAnswers,
): Promise<AskedCase> => {
  const { request, turns, answeredBy } = suiteCase;
  if (turns.length === 0) {
    const known = alone.get(suiteCase) ?? askedOf(request);
    alone.set(suiteCase, known);
    return known;
  }
  const who = turn === turns.length - 1 && answeredBy === "other" ? OTHER[side] : side;
  const messages: Messages[number][] = [...(request.messages ?? [])];
  let asked: AskedCase = { waits: true };
  for (let at = 0; at <= turn; at += 1) {
    messages.push({ role: "user", content: turns[at] ?? "" });
    asked = askedOf({ ...request, messages: [...messages] });
    if (at === turn || !("promptId" in asked)) return asked;
    const answer = await answers[who].read(asked.promptId, repetition);
    if (answer === null) return { waits: true };
    if (answer.error !== "") return { problem: `turn ${at + 1} was not answered` };
    const calls = answer.toolCalls.map((call, number) => ({ id: `call_${at}_${number}`, function: call }));
    messages.push({ role: "assistant", content: answer.output, ...(calls.length === 0 ? {} : { tool_calls: calls }) });
  }
  return asked;
};
