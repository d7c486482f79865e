import type { Phrases, ProseType } from "../phrases/topic.ts";
import type { Language } from "./call.ts";
import type { Draw } from "./draw.ts";
import { spellNumbers } from "./number-words.ts";

const MONTHS = ["2026-06", "2026-07", "2026-08", "2026-09"];

/** Puts numbers, amounts, dates and error codes in. */
const fillIn = (text: string, draw: Draw): string =>
  text
    .replaceAll("{n}", () => String(draw.whole(2, 12)))
    .replaceAll("{m}", () => String(draw.pick([15, 20, 25, 30, 45, 60, 90, 100])))
    .replaceAll("{amount}", () => `€${draw.whole(9, 480)}.${draw.pick(["00", "50", "90"])}`)
    .replaceAll("{month}", () => draw.pick(MONTHS))
    .replaceAll("{code}", () => draw.pick(["403", "429", "SAML-12", "E1042", "502"]));

/** Entries of a list: three, as the prompt asks for, most of the time. */
const entries = (draw: Draw): number => Number(draw.weighted({ "3": 0.82, "2": 0.07, "4": 0.09, "5": 0.02 }));

const asSentence = (step: string): string => `${step.replaceAll(/\*\*?/g, "")}.`;

const listOf = (steps: readonly string[], intro: string, isNumbered: boolean): string =>
  `${intro}\n\n${steps.map((step, at) => `${isNumbered ? `${at + 1}.` : "-"} ${step}`).join("\n")}`;

const hedged = (lead: string, hedge: string): string =>
  hedge +
  (/^[A-Z][a-z]/.test(lead) && !/^(?:SAML|Ihr|Sie )/.test(lead) ? lead.charAt(0).toLowerCase() + lead.slice(1) : lead);

/** How often the model does what without being asked to. */
const HABITS = {
  opening: 0.16,
  hedge: 0.08,
  list: 0.46,
  numbered: 0.15,
  closing: 0.34,
  curly: 0.1,
  words: 0.06,
} as const;

/** An answer to a question about one subject. */
export const proseAnswer = (type: ProseType, language: Language, phrases: Phrases, draw: Draw): string => {
  const topic = draw.pick(phrases.topics[type]);
  const lead = draw.pick(topic.leads);
  const opening = draw.chance(HABITS.opening) ? `${draw.pick(phrases.openings)} ` : "";
  const start = draw.chance(HABITS.hedge) ? hedged(lead, draw.pick(phrases.hedges)) : opening + lead;
  const isList = draw.chance(HABITS.list);
  const steps = draw.some(topic.steps, isList ? entries(draw) : draw.whole(0, 3));
  const body = isList
    ? [start, listOf(steps, draw.pick(phrases.listIntros), draw.chance(HABITS.numbered))]
    : [[start, ...steps.map(asSentence)].join(" ")];
  const notes = draw.some(topic.notes, draw.whole(0, 2)).join(" ");
  const closing = draw.chance(HABITS.closing) ? draw.pick(phrases.closings) : "";
  const filled = fillIn([...body, notes, closing].filter((part) => part !== "").join("\n\n"), draw);
  const text = draw.chance(HABITS.words) ? spellNumbers(filled, language) : filled;
  return draw.chance(HABITS.curly) ? text.replaceAll("'", "\u2019") : text;
};
