import { describe, expect, test } from "vitest";
import { measuresFor } from "../../../agent/compare/measures.ts";
import { observe } from "../../../agent/compare/observe.ts";
import type { ReadReport } from "../../../agent/compare/read-report.ts";
import type { AnswerRecord } from "../../../agent/compare/record.ts";
import { withLosses } from "../../../agent/compare/with-losses.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { type Comparison, compare } from "../../../detectors/compare/compare.ts";

const ARMS = ["baseline", "canary"] as const;
const READ: ReadReport = { entries: 400, left_out: [], remarks: [], repeated: 0, lost_share: 0 };

type Of = (cohort: AnswerRecord["cohort"], i: number, random: () => number) => Partial<AnswerRecord>;

const compared = (of: Of, n = 200): Comparison => {
  const random = seededRandom(4);
  const records = ARMS.flatMap((cohort) =>
    Array.from({ length: n }, (_, i) => ({
      ...{ cohort, output: `It ${random() < 0.5 ? "is" : "was"} the ${i % 9}th of May.` },
      ...of(cohort, i, random),
    })),
  );
  return withLosses(compare(measuresFor(records), observe(records)), READ, records);
};

describe("nothing found is no pass where nothing could be found:", () => {
  test.each<[string, Of, RegExp]>([
    [
      "each cohort has its own tasks",
      (cohort) => ({ task: cohort }),
      /no task, prompt or conversation has answers of both/,
    ],
    [
      "each answer is a task of its own",
      (cohort, i) => ({ task: `${cohort} ${i}` }),
      /no task, prompt or conversation/,
    ],
    ["each cohort is one conversation", (cohort) => ({ conversation_id: cohort }), /too few pieces/],
    ["both cohorts are one conversation", () => ({ conversation_id: "session" }), /too few pieces/],
    [
      "each cohort is three conversations",
      (cohort, i) => ({ conversation_id: `${cohort} ${i % 3}` }),
      /too few pieces/,
    ],
    ["two prompts were asked a hundred times", (_c, i) => ({ prompt_id: `${i % 2}` }), /of 20 prompts or more/],
    [
      "all answers are tool calls",
      () => ({ output: null, callsTools: true, finish_reason: "tool_calls" }),
      /are in words/,
    ],
    ["all answers are blank", () => ({ output: " " }), /are in words/],
  ])("%s", (_name, of, why) => {
    const { verdict, notes } = compared(of);
    expect(verdict).toBe("undecided");
    expect(notes.join("\n")).toMatch(why);
  });

  test("a tenth of the tasks is shared: it is said how many answers that is", () => {
    const { notes } = compared((cohort, i) => ({ task: i < 20 ? "shared" : cohort }));
    expect(notes.join("\n")).toMatch(/only 20 of 200 baseline answers have a counterpart/);
  });
});

test("one prompt that was asked two hundred times: its answers are compared by themselves", () => {
  const same: Of = () => ({ prompt_id: "1" });
  const fenced: Of = (cohort, i) => ({
    prompt_id: "1",
    output: `${cohort === "canary" && i % 2 ? "```\n" : ""}It is the ${i}th.`,
  });
  expect(compared(same).verdict).toBe("none");
  expect(compared(fenced).findings.map(({ family }) => family)).toContain("code fence");
});
