import { describe, expect, it } from "vitest";
import { BLIND_WORDS, type LabelWord, unblinded } from "../../core/label-word.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import { labelOf, labelsOf } from "../../lifecycle/labels.ts";

const said = (pair: string, by: string, word: LabelWord): LedgerEntry => ({
  ...{ id: `${pair} ${by} ${word}`, at: 1, migration: "m", by, incident: "" },
  event: { type: "labelled", pair, word, first: "baseline" },
});

describe("what people said who read pairs blind", () => {
  it("stands in the order in which pairs were read, one word a person", () => {
    const labels = labelsOf([
      said("p", "ana", "tie"),
      said("q", "bob", "skipped"),
      said("p", "bob", "unsure"),
      said("p", "ana", "prefers-candidate"),
    ]);
    expect(labels).toEqual([
      {
        pair: "p",
        words: [
          { by: "ana", word: "tie" },
          { by: "bob", word: "unsure" },
        ],
      },
      { pair: "q", words: [{ by: "bob", word: "skipped" }] },
    ]);
  });

  it.each<[string, readonly LabelWord[], string | null]>([
    ["nobody who could tell", ["unsure", "skipped"], null],
    ["one", ["prefers-candidate", "unsure"], "prefers-candidate"],
    ["most", ["prefers-candidate", "prefers-baseline", "prefers-candidate"], "prefers-candidate"],
    ["as many, the worse for the candidate", ["prefers-candidate", "prefers-baseline"], "prefers-baseline"],
    ["as many, no preference", ["prefers-candidate", "tie"], "tie"],
  ])("of a pair is what %s said", (_who, words, expected) => {
    expect(labelOf({ pair: "p", words: words.map((word, n) => ({ by: `${n}`, word })) })).toBe(expected);
  });

  it("means the other answer where the other one was shown first", () => {
    expect(BLIND_WORDS.map((word) => unblinded(word, true))).toEqual([
      "prefers-candidate",
      "prefers-baseline",
      "tie",
      "unsure",
      "skipped",
    ]);
    expect(BLIND_WORDS.map((word) => unblinded(word, false))).toEqual([
      "prefers-baseline",
      "prefers-candidate",
      "tie",
      "unsure",
      "skipped",
    ]);
  });
});
