import { finishReason } from "../../core/finish-reason.ts";
import type { RefusalClass } from "../../core/span-row.ts";
import type { Answer } from "../answer.ts";
import type { RefusalLanguage } from "./language.ts";
import { LANGUAGES } from "./languages.ts";
import { normaliseText } from "./normalise.ts";

/** Characters, after normalising, a refusal has to begin in. */
const HEAD = 260;

/** An answer that goes on this long after its refusing clause, and turns to the matter, is a partial one. */
const GOES_ON = 200;

const ENGLISH_ONLY: readonly RefusalLanguage[] = LANGUAGES.filter(({ code }) => code === "en");

/** Where a language's cue has to stand: the head, and what idioms may take out of it. */
const CUE_CHARS = 400;

/** A question back is an answer of its own only while it is short. */
const SHORT = 700;

/** Ends of clauses besides a language's own conjunctions: Latin, Chinese and Japanese, Arabic, and Hindi marks. */
const CLAUSE_END = /\n|[.!?;:\u2014\u2013\u3001\u3002\u060c\u061b\u061f\u0964]+ ?| - /;

/** What one character of a dense script weighs. */
const DENSITY = 3;

interface Clause {
  readonly text: string;
  /** Where it begins and ends in the head. */
  readonly start: number;
  readonly end: number;
}

const withoutLeadIn = (clause: string, leadIn: RegExp): string => {
  let rest = clause;
  // "Hi, thanks for asking. Unfortunately, as an AI model, …": a few lead-ins may follow one another.
  for (let times = 0; times < 4; times += 1) {
    const shorter = rest.replace(leadIn, "");
    if (shorter === rest) break;
    rest = shorter;
  }
  return rest;
};

const clausesOf = (head: string, { clauseBreak, leadIn }: RefusalLanguage): Clause[] => {
  // The marker keeps positions roughly right, which is all the length of the rest needs.
  const pieces = head.replace(clauseBreak, "\n").split(CLAUSE_END);
  let end = 0;
  return pieces.map((piece) => {
    const start = end;
    end += piece.length + 1;
    return { text: withoutLeadIn(piece.trimStart(), leadIn), start, end };
  });
};

const matches = (patterns: readonly RegExp[], text: string): boolean => patterns.some((pattern) => pattern.test(text));

type Refusing = "hard" | "inability" | "soft";
const STRENGTH: Readonly<Record<Refusing, number>> = { hard: 3, inability: 2, soft: 1 };

const refusingClass = (clause: string, language: RefusalLanguage): Refusing | null => {
  // Inability first: "I can't provide real-time prices" is about access, though it starts like a hard refusal.
  if (matches(language.inability, clause)) return "inability";
  if (matches(language.hard, clause)) return "hard";
  return matches(language.soft, clause) ? "soft" : null;
};

interface Found extends Clause {
  readonly class: Refusing;
}

const strongest = (head: string, language: RefusalLanguage): Found | null => {
  let best: Found | null = null;
  for (const clause of clausesOf(head, language)) {
    const found = refusingClass(clause.text, language);
    if (found && (best === null || STRENGTH[found] > STRENGTH[best.class])) best = { ...clause, class: found };
  }
  return best;
};

const classIn = (text: string, language: RefusalLanguage): RefusalClass => {
  const weight = language.dense ? DENSITY : 1;
  const cleaned = text.replace(language.idioms, " ").replace(/ {2,}/g, " ").trim();
  const head = cleaned.slice(0, HEAD);
  const refusing = strongest(head, language);
  if (refusing !== null) {
    // The turn may stand inside the refusing clause: "I can't give advice, but here are some hints: …".
    const goesOn =
      (cleaned.length - refusing.end) * weight >= GOES_ON && language.pivot.test(cleaned.slice(refusing.start));
    return goesOn ? "partial" : refusing.class;
  }
  if (language.reframe.test(head)) return "reframe";
  return cleaned.length * weight <= SHORT && language.clarify.test(head) ? "clarify" : "none";
};

/**
 * The refusal class of an answer. `text` is its text as normaliseText() has it, for callers that have it at hand;
 * `isEnglish` spares answers that are known to be English the other languages. The provider's own signals come first,
 * then the text's beginning. `hard`, `inability` and `soft` are refusals; `partial` gives a disclaimer and then an
 * answer; `reframe` answers another question; `clarify` asks back. `""` = there was no text to look at.
 */
export const refusalClass = (
  answer: Answer,
  text: string = normaliseText(answer.text ?? ""),
  isEnglish = false,
): RefusalClass => {
  if (answer.refusal || finishReason(answer.finishReason) === "content_filter") return "hard";
  if (answer.text === null) return "";
  const start = text.slice(0, CUE_CHARS);
  for (const language of isEnglish ? ENGLISH_ONLY : LANGUAGES) {
    if (!language.cue.test(start)) continue;
    const found = classIn(text, language);
    if (found !== "none") return found;
  }
  return "none";
};
