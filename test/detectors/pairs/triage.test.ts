import { describe, expect, it } from "vitest";
import { TRIAGE, type TriageCase, triage } from "../../../detectors/pairs/triage.ts";

const nothing: TriageCase = {
  ...{ isEqual: false, hasAgainst: false, hasFor: false, rule: null, judge: null, person: null, codes: [] },
  ...{ override: null, isNovel: false, isBeyondFloor: true, judgeIsFit: true },
};

describe("a pair", () => {
  it.each<[string, Partial<TriageCase>, string, string]>([
    ["of which nothing is known", {}, "undecided", "nothing"],
    ["that is the same", { isEqual: true, isBeyondFloor: null }, "neutral", "equal"],
    [
      "with a fact against it, and one for it",
      { hasAgainst: true, hasFor: true, rule: "better" },
      "regression",
      "fact-against",
    ],
    ["with a fact for it", { hasFor: true, rule: "worse" }, "improvement", "fact-for"],
    [
      "that the app's rule calls worse, though within the floor",
      { rule: "worse", isBeyondFloor: false },
      "regression",
      "app-rule",
    ],
    ["that the app's rule calls the same, though novel", { rule: "same", isNovel: true }, "neutral", "app-rule"],
    ["that is novel, though the judge likes it", { isNovel: true, judge: "prefers-candidate" }, "novel", "novel"],
    [
      "within the floor, though the judge dislikes it",
      { isBeyondFloor: false, judge: "prefers-baseline" },
      "neutral",
      "within-floor",
    ],
    ["whose floor is unknown", { isBeyondFloor: null }, "undecided", "nothing"],
    ["whose floor is unknown, with a judge", { isBeyondFloor: null, judge: "tie" }, "neutral", "judge"],
    ["that the judge dislikes", { judge: "prefers-baseline" }, "regression", "judge"],
    ["that the judge likes", { judge: "prefers-candidate" }, "improvement", "judge"],
    ["of which the judge says this and that", { judge: "inconsistent" }, "undecided", "nothing"],
    ["whose judge is not fit", { judge: "prefers-candidate", judgeIsFit: false }, "undecided", "nothing"],
    ["that a person read, whatever the facts", { person: "tie", hasAgainst: true }, "neutral", "person"],
    [
      "that a person overruled, whatever another said",
      { override: "regression", person: "tie" },
      "regression",
      "override",
    ],
  ])("%s", (_what, fields, expected, rule) => {
    expect(triage({ ...nothing, ...fields })).toEqual({ class: expected, rule });
  });

  it("is asked about in the order that is written down", () => {
    expect(Object.keys(TRIAGE)).toEqual([
      ...[
        "override",
        "person",
        "equal",
        "fact-against",
        "fact-for",
        "app-rule",
        "novel",
        "within-floor",
        "judge",
        "nothing",
      ],
    ]);
  });
});
