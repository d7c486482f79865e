import { describe, expect, it } from "vitest";
import type { FeatureName } from "../../core/features.ts";
import { textFeatures } from "../../features/text-features.ts";

/** One phrase for every way a pattern of the family can begin: the walk that spares the patterns must not miss one. */
const PHRASES: Readonly<Partial<Record<FeatureName, readonly string[]>>> = {
  as_an_ai: [
    ...["As an AI", "as a language model", "as an artificial intelligence", "I'm an AI", "I am just a language model"],
    ...["I am only an ai", "como modelo de lenguaje", "como una IA", "en tant qu'IA", "als KI", "in quanto IA"],
    "como uma IA",
  ],
  apology: [
    ...["sorry", "apologise", "apologize", "apologies", "lo siento", "disculpe", "désolé", "désolée", "pardon"],
    ...["excusez", "es tut mir leid", "Entschuldigung", "mi dispiace", "scusa", "desculpa", "sinto muito"],
  ],
  hedging: [
    ...["perhaps", "maybe", "possibly", "might", "it depends", "it seems", "I think", "I believe", "likely"],
    ...["generally speaking", "in most cases", "quizás", "tal vez", "peut-être", "vielleicht", "forse", "talvez"],
  ],
  first_person: ["I", "I'm", "I've", "I'll", "I'd", "yo", "je", "j'ai", "ich", "io", "eu"],
};

const CASES = Object.entries(PHRASES).flatMap(([name, phrases]) =>
  phrases.map((phrase) => [name as FeatureName, phrase] as const),
);

/** Ways a phrase can stand in an answer. */
const AROUND: readonly ((phrase: string) => string)[] = [
  (phrase) => `${phrase} now`,
  (phrase) => `Now ${phrase}`,
  (phrase) => `Well,${phrase}.`,
  (phrase) => `The parcel (${phrase}) is late.`,
  (phrase) => phrase.toUpperCase(),
];

describe("manner", () => {
  it.each(CASES)("%s is seen in %j wherever it stands", (name, phrase) => {
    for (const around of AROUND)
      expect([around(phrase), textFeatures(around(phrase)).features[name]]).toEqual([around(phrase), 1]);
  });

  it.each(CASES.filter(([name]) => name !== "first_person"))(
    "%s is not seen where %j is the end of a word",
    (name, phrase) => {
      expect(textFeatures(`un${phrase}`).features[name]).toBe(0);
    },
  );
});
