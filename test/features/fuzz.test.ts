import { describe, expect, it } from "vitest";
import type { AskedFor } from "../../features/answer.ts";
import { outputFeatures } from "../../features/output-features.ts";

/** Pieces of text that keep careless code busy when repeated, in every script a table knows. */
const PIECES: readonly string[] = [
  ..." \n\ta.,!?'\"`*_#-|()[]{}<>\\0$é“’—…。、؟।",
  ...[
    "\u00a0",
    "\u200b",
    "\ud83d\ude00",
    "\ud800",
    "漢",
    "م",
    "```\n",
    "~~~\n",
    "* x\n",
    "# \n",
    "| a ",
    "| a |\n",
    "a\n",
  ],
  ...[
    "\r\n",
    "> ",
    "1. x\n",
    "**a",
    "[a](",
    "[[",
    '{"a":',
    "[{",
    '"\\u0000',
    "<div>",
    "http://",
    "ab ",
    "a b ",
    "\\\\",
  ],
  ...["i'm sorry ", "i can't ", "as an ai ", "it is ", "while ", "instead of ", "could you ", "sure! ", "let me know "],
  ...["no puedo ", "je ne ", "ich kann nicht ", "non posso ", "não posso ", "ik kan niet ", "nie mogę ", "veremem "],
  ...[
    "saya tidak ",
    "tôi không ",
    "я не могу ",
    "я не маю ",
    "لا أستطيع ",
    "אני לא ",
    "मैं मदद ",
    "できません",
    "수 없습니다 ",
  ],
  ...["我无法", "42 ", "3.14 ", "two ", "the the ", "e\u0301", "\u064b\u064b", "I\u0307"],
];

const SCHEMA = { type: "array", items: { anyOf: [{ $ref: "#" }, { type: "object", required: ["a"] }] } };

const asked: readonly (readonly [string, AskedFor])[] = [
  ["text", { json: false, tools: [] }],
  ["JSON of a schema", { json: true, schema: SCHEMA, tools: [] }],
];

/** Best of three, ms: the work itself, without what else the machine was doing. */
const timeOf = (text: string, request: AskedFor): number => {
  const answer = { text, chars: text.length, refusal: null, finishReason: "stop", toolCalls: [] };
  return Math.min(
    ...[1, 2, 3].map(() => {
      const start = performance.now();
      outputFeatures(answer, request);
      return performance.now() - start;
    }),
  );
};

describe.each(asked)("the features of an answer to a request for %s", (_name, request) => {
  it.each(PIECES)("take no more than a few milliseconds when it repeats %j", (piece) => {
    const text = piece.repeat(Math.ceil(100_000 / piece.length)).slice(0, 100_000);
    // At most 5 ms on a machine of its own, which tests have not; quadratic work would take seconds.
    expect(timeOf(text, request)).toBeLessThan(60);
  });
});

it("do not grow with what is beyond the part that is looked at", () => {
  const request = { json: false, tools: [] };
  const piece = "You can change the address in your settings. ";
  const cap = timeOf(piece.repeat(500), request);
  expect(timeOf(piece.repeat(50_000), request)).toBeLessThan(Math.max(cap, 0.5) * 5);
});
