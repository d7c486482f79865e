import { DE } from "../phrases/de.ts";
import { EN } from "../phrases/en.ts";
import { ES } from "../phrases/es.ts";
import { FR } from "../phrases/fr.ts";
import type { Phrases } from "../phrases/topic.ts";
import type { InputType, Language, Reply } from "./call.ts";
import type { Draw } from "./draw.ts";
import { extractionAnswer } from "./extraction.ts";
import { proseAnswer } from "./prose.ts";
import { toolCalls } from "./tool-use.ts";

/** The phrases of every language. */
export const PHRASES: Readonly<Record<Language, Phrases>> = { en: EN, de: DE, es: ES, fr: FR };

/** Share of the questions that the bot declines, rightly or not. */
const REFUSED: Readonly<Record<InputType, number>> = {
  ...{ faq: 0.02, billing: 0.045, technical: 0.015, smalltalk: 0.02, extraction: 0, tools: 0.02 },
};

const textReply = (text: string): Reply => ({ text, toolCalls: [], finishReason: "stop" });

const toolReply = (phrases: Phrases, draw: Draw): Reply =>
  draw.chance(0.12)
    ? textReply(draw.pick(phrases.questions))
    : { text: null, toolCalls: toolCalls(draw), finishReason: "tool_calls" };

/** What the model answers, in words of `language`. */
export const replyTo = (type: InputType, language: Language, draw: Draw): Reply => {
  const phrases = PHRASES[language];
  if (draw.chance(REFUSED[type])) return textReply(draw.pick(phrases.refusals));
  if (type === "tools") return toolReply(phrases, draw);
  if (type === "extraction") return textReply(extractionAnswer(draw));
  return textReply(type === "smalltalk" ? draw.pick(phrases.smalltalk) : proseAnswer(type, language, phrases, draw));
};

/** The answer as it arrives when the token limit cuts it off. */
export const cutOff = (reply: Reply, keep: number): Reply =>
  reply.text === null
    ? reply
    : { ...reply, text: reply.text.slice(0, Math.ceil(reply.text.length * keep)), finishReason: "length" };
