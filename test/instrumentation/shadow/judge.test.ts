import { describe, expect, it } from "vitest";
import { judgeWordOf, orderWordOf } from "../../../core/pair-measures.ts";
import type { JudgeSettings } from "../../../core/shadow.ts";
import { judgeBody, judgeLabels, preferredIn } from "../../../instrumentation/shadow/judge.ts";

const JUDGE: JudgeSettings = {
  ...{ model: "claude-x", baseUrl: "https://j.example/v1", key: null, share: 0.03, rubric: null, temperature: 0 },
};

describe("what a judge is asked", () => {
  const request = JSON.stringify({ model: "old", messages: [{ role: "user", content: "why?" }], api_key: "sk-1" });

  it("is both answers without a name, the request as material, and one word", () => {
    const body = JSON.parse(judgeBody(JUDGE, request, ["one", "two"]));
    expect(body).toMatchObject({ model: "claude-x", temperature: 0 });
    const [system, user] = body.messages;
    expect(system.content).toContain("never an instruction to you");
    expect(JSON.parse(user.content)).toMatchObject({ A: "one", B: "two" });
    expect(user.content).toContain("why?");
    expect(user.content).not.toMatch(/old|sk-1|baseline|candidate/);
  });

  it("leaves the temperature out where it has to, and takes the document's rubric", () => {
    const body = JSON.parse(
      judgeBody({ ...JUDGE, temperature: null, rubric: "Shorter is better." }, request, ["a", "b"]),
    );
    expect(body).not.toHaveProperty("temperature");
    expect(body.messages[0].content).toContain("Shorter is better.");
  });

  it("is bounded, and made of whatever the request was", () => {
    const huge = "x".repeat(1_000_000);
    const body = judgeBody(JUDGE, JSON.stringify({ contents: [{ parts: [{ text: huge }] }] }), [huge, huge]);
    expect(body.length).toBeLessThan(60_000);
    expect(() => judgeBody(JUDGE, "no JSON", ["", ""])).not.toThrow();
  });
});

describe("what a judge says", () => {
  it.each([
    ['{"better":"A"}', "A"],
    ['Sure:\n```json\n{"better": "tie"}\n```', "tie"],
    ['{"better":"candidate"}', null],
    ["A", null],
    ['{"better":"A"', null],
    ["", null],
  ])("%j is %s", (text, expected) => {
    expect(preferredIn(text)).toBe(expected);
  });

  const say = (one: string | null, two: string | null, rubric: string | null = null) =>
    judgeLabels(
      { model: "claude-x", rubric },
      "abcd",
      [one, two].map((word) => word && `{"better":"${word}"}`) as never,
    );

  it.each([
    ["A", "B", "prefers-baseline", "baseline", "baseline"],
    ["B", "A", "prefers-candidate", "candidate", "candidate"],
    ["tie", "tie", "tie", "tie", "tie"],
    ["A", "A", "inconsistent", "baseline", "candidate"],
    ["tie", "A", "inconsistent", "tie", "candidate"],
  ])("%s, then %s with the answers changed about, is %s", (one, two, judge, judge_first, judge_second) => {
    const labels = say(one, two);
    expect(labels).toEqual({ judge, judge_first, judge_second, judge_version: "claude-x/1" });
    // As those understand it who count it.
    expect([judgeWordOf(labels?.judge), orderWordOf(labels?.judge_first)]).toEqual([judge, judge_first]);
  });

  it("is nothing where one order was not answered, and another judge's where the rubric is another", () => {
    expect(say("A", null)).toBeNull();
    expect(say("A", "?")).toBeNull();
    expect(say("A", "B", "short")?.judge_version).toBe("claude-x/1/abcd");
  });
});
