import { describe, expect, it } from "vitest";
import { seededRandom } from "../../core/seeded-random.ts";
import { textFeatures } from "../../features/text-features.ts";
import { type Columns, SHORT_ANSWERS } from "./short-answers.ts";

const languageOf = (text: string): string | undefined => textFeatures(text).labels.language;

/** Languages that are known so that they are not taken for others. */
const NEIGHBOURS = ["sv", "ro", "fi"];

const ANSWERS = 1000;

/** Answers of one to three pieces: of two to twelve words. */
const answers = (columns: Columns, seed: number): readonly string[] => {
  const random = seededRandom(seed);
  return Array.from({ length: ANSWERS }, () => {
    const pieces = columns.slice(0, 1 + Math.floor(3 * random()));
    const start = random() < 0.2 ? 1 : 0;
    const chosen = pieces.slice(Math.min(start, pieces.length - 1));
    return `${chosen.map((column) => column[Math.floor(column.length * random())]).join(" ")}.`;
  });
};

describe.each(Object.entries(SHORT_ANSWERS))("a thousand short answers in %s", (code, columns) => {
  const said = answers(columns, 7).map((text) => ({ text, said: languageOf(text), words: text.split(" ").length }));

  it("are hardly ever said to be in another language", () => {
    const wrong = said.filter((each) => each.said !== undefined && each.said !== code);
    expect([...new Set(wrong.map((each) => `${each.text} ${each.said}`))].slice(0, 5)).toEqual([]);
  });

  it("are told where they have seven words or more", () => {
    const long = said.filter(({ words }) => words >= 7);
    const right = long.filter((each) => each.said === code).length;
    expect(right / long.length).toBeGreaterThan(NEIGHBOURS.includes(code) ? 0.2 : 0.65);
  });
});

it.each([
  "Take a walk on a sunny day.",
  "A cat on a mat.",
  "Die hard, then die.",
  "La La Land",
  "Los Angeles, San Francisco",
  "No, no, no.",
  "No.",
  "De Niro and Al Pacino",
  "a, b, c, d, e",
  "Chapter I, part A",
  "I.",
  "En route to Le Mans",
  "Pan de Azucar",
  "for i in a: print(i)",
  "SELECT a, e, o FROM t",
  "x = a + i * o",
  "Que sera, sera",
  "OK",
  "Paris",
  "Coca-Cola de Mexico",
])("%j is said to be in no other language than its own", (text) => {
  expect([undefined, "en"]).toContain(languageOf(text));
});
