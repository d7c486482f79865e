import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../../features/refusal/languages.ts";
import { normaliseText } from "../../../features/refusal/normalise.ts";
import { refusalClass } from "../../../features/refusal/refusal-class.ts";

/** Pieces that keep a backtracking pattern busy when repeated. */
const PIECES = [
  " ",
  "\n",
  "i can't ",
  "i cannot really ",
  "i'm sorry ",
  "as an ai model ",
  "it is a ",
  "while ",
  "i don't have ",
  "instead of a ",
  "could you ",
  "the text does not ",
  "but ",
  "```",
  '"',
  "“",
  "no puedo ",
  "je ne peux ",
  "ich kann nicht ",
  "kann ich das ",
  "non posso ",
  "não posso ",
  "aaaa",
  "ik kan niet ",
  "nie mogę ",
  "yardımcı ",
  "я не могу ",
  "я не ",
  "у меня нет ",
  "я не маю ",
  "لا أستطيع ",
  "لا ",
  "אני לא יכול ",
  "मैं मदद ",
  "मैं ",
  "saya tidak ",
  "tôi không ",
  "tôi không thể ",
  "情報を",
  "お手伝い",
  "제공할 수 ",
  "我无法",
  "我",
  "为了，",
];

/** Best of a few runs, ms: the work itself, without what else the machine was doing. */
const timeOf = (work: () => void): number => {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run += 1) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
};

const GROWTH = 16;

describe("refusal patterns", () => {
  const patterns = LANGUAGES.flatMap((language) => [
    ...[
      language.cue,
      language.leadIn,
      language.idioms,
      language.clauseBreak,
      language.pivot,
      language.reframe,
      language.clarify,
    ],
    ...[...language.hard, ...language.inability, ...language.soft],
  ]);

  it.each(PIECES)("take time in proportion to the text when it repeats %j", (piece) => {
    const text = (size: number) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
    const run = (input: string) => () => {
      for (const pattern of patterns) input.replace(pattern, "");
    };
    const small = timeOf(run(text(2_000)));
    const large = timeOf(run(text(2_000 * GROWTH)));
    // Quadratic work would grow 256-fold.
    expect(large).toBeLessThan(Math.max(small, 0.05) * GROWTH * 6);
  });

  it.each(PIECES)("look at a bounded part of an answer that repeats %j", (piece) => {
    const answerOf = (text: string) => ({ text, chars: text.length, refusal: null, finishReason: "", toolCalls: [] });
    const [short, long] = [piece.repeat(10_000), piece.repeat(1_000_000)].map(answerOf);
    const first = timeOf(() => short && refusalClass(short));
    const second = timeOf(() => long && refusalClass(long));
    expect(second).toBeLessThan(Math.max(first, 0.5) * 10);
  });

  it("normalise at most the first 2048 characters", () => {
    expect(normaliseText("a".repeat(100_000))).toHaveLength(2048);
  });
});
