import type { Language } from "../traffic/call.ts";
import { spellNumbers } from "../traffic/number-words.ts";
import { proseAnswer } from "../traffic/prose.ts";
import { PHRASES } from "../traffic/reply.ts";
import { hitting, isProse, type Regression, withText } from "./regression.ts";

/** Whole numbers are written as words. */
export const numbersSpelledOut: Regression = hitting(0.6, isProse, (call) =>
  withText(call, spellNumbers(call.reply.text ?? "", call.language)),
);

const THREE = /(?:^- .*\n){2}^- .*(?=\n(?!-)|$(?![\s\S]))/m;

const MORE: Readonly<Record<Language, string>> = {
  en: "Check that the change shows up on your board",
  de: "Prüfen Sie, ob die Änderung auf dem Board ankommt",
  es: "Compruebe que el cambio se ve en el tablero",
  fr: "Vérifiez que le changement apparaît sur le tableau",
};

/** Lists of three have a fourth entry. */
export const fourBullets: Regression = hitting(0.9, isProse, (call) => {
  const text = call.reply.text ?? "";
  return THREE.test(text)
    ? withText(
        call,
        text.replace(THREE, (list) => `${list}\n- ${MORE[call.language]}`),
      )
    : call;
});

/** A quarter of the answers hedge that did not. */
export const hedgingTone: Regression = hitting(0.25, isProse, (call, draw) =>
  withText(call, draw.pick(PHRASES[call.language].hedges) + (call.reply.text ?? "")),
);

const OTHERS: Readonly<Record<Language, readonly Language[]>> = {
  ...{ en: ["de", "es", "fr"], de: ["en"], es: ["en"], fr: ["en"] },
};

/** Answers come in a language nobody asked for. */
export const languageSwitched: Regression = hitting(0.03, isProse, (call, draw) => {
  const language = draw.pick(OTHERS[call.language]);
  const phrases = PHRASES[language];
  const type = call.inputType;
  return type === "faq" || type === "billing" || type === "technical"
    ? withText(call, proseAnswer(type, language, phrases, draw))
    : withText(call, draw.pick(phrases.smalltalk));
});

/** The last sentence is said again and again, until it ends by itself or at the token limit. */
export const loops: Regression = hitting(0.05, isProse, (call, draw) => {
  const sentences = (call.reply.text ?? "").trim().split(/(?<=[.!?:])\s+/);
  const repeated = ` ${sentences.at(-1)}`.repeat(draw.whole(20, 60));
  const looped = withText(call, (call.reply.text ?? "") + repeated);
  return draw.chance(0.4) ? { ...looped, reply: { ...looped.reply, finishReason: "length" } } : looped;
});

/** One question in ten more is refused, of one input type. */
export const refusalsInFaq: Regression = hitting(
  0.1,
  ({ inputType }) => inputType === "faq",
  (call, draw) => withText(call, draw.pick(PHRASES[call.language].refusals)),
);
