import { describe, expect, it } from "vitest";
import type { ReceivedSpan } from "../../../collector/otlp/received-span.ts";
import { normaliseOutcome } from "../../../collector/outcomes/normalise-outcome.ts";
import type { AttributeValue } from "../../../formats/dialects/read/attributes.ts";
import { attributesOfEvent } from "../../../formats/dialects/read/evaluation-event.ts";
import { evaluationsOnSpan } from "../../../formats/dialects/read/evaluations-on-span.ts";

type Given = Readonly<Record<string, AttributeValue>>;

const END = 1_790_000_000_500;

const span = (attributes: Given, events: ReceivedSpan["events"] = []): ReceivedSpan => ({
  ...{ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", parentSpanId: "", name: "any" },
  ...{ startMs: END - 500, endMs: END, statusCode: 0, scope: "", resource: new Map(), events },
  attributes: new Map(Object.entries(attributes)),
});

/** What the collector makes of the evaluations on a span: name, value, label, error, explanation. */
const outcomesOf = (attributes: Given, events: ReceivedSpan["events"] = []) =>
  evaluationsOnSpan(span(attributes, events)).map((event) => {
    const outcome = normaliseOutcome(event, END);
    if (outcome.kind === "refused") return outcome.reason;
    const { name, value, label, error_type, explanation } = outcome.row;
    return [name, value, label, error_type, explanation];
  });

describe("evaluations on a span", () => {
  it.each<[what: string, attributes: Given, outcomes: unknown]>([
    ["no evaluation", { "gen_ai.operation.name": "chat", "evaluation.framework": "x", "trace.name": "y" }, []],
    [
      "OpenInference evaluations, in any order of their attributes",
      {
        "evaluations.1.evaluation.label": "incorrect",
        "evaluations.0.evaluation.name": "quality",
        "evaluations.1.evaluation.name": "facts",
        "evaluations.0.evaluation.score": 0.75,
        "evaluations.0.evaluation.explanation": "answers the question",
        "evaluations.0.evaluation.annotator_kind": "LLM",
      },
      [
        ["facts", 0, "incorrect", "", ""],
        ["quality", 0.75, "", "", "answers the question"],
      ],
    ],
    [
      "OpenInference annotations",
      { "annotations.0.annotation.name": "thumbs", "annotations.0.annotation.label": "up" },
      [["thumbs", 1, "up", "", ""]],
    ],
    [
      "OpenInference evaluations of the trace",
      { "trace.evaluations.0.evaluation.name": "task_completed", "trace.evaluations.0.evaluation.score": 1 },
      [["task_completed", 1, "", "", ""]],
    ],
    [
      "OpenInference evaluations of a session, which is more than a call",
      { "session.evaluations.0.evaluation.name": "quality", "session.evaluations.0.evaluation.score": 1 },
      [],
    ],
    [
      "OpenInference attributes that are mixed up",
      { "evaluations.0.annotation.name": "quality", "evaluations.0.annotation.score": 1 },
      [],
    ],
    [
      "an evaluation that only explains",
      { "evaluations.0.evaluation.name": "quality", "evaluations.0.evaluation.explanation": "why" },
      ["empty-outcome"],
    ],
    [
      "Arize's columns",
      { "eval.Correctness.label": "correct", "eval.qa.relevance.score": 0.5, "eval.score": 3 },
      [
        ["Correctness", 1, "correct", "", ""],
        ["qa.relevance", 0.5, "", "", ""],
      ],
    ],
    [
      "a guard of OpenLLMetry that let an answer pass",
      { "gen_ai.operation.name": "guard", "gen_ai.guardrail.name": "pii", "gen_ai.guardrail.status": "PASSED" },
      [["pii", 1, "PASSED", "", ""]],
    ],
    [
      "a guard that stopped one",
      { "gen_ai.operation.name": "guard", "gen_ai.guardrail.name": "pii", "gen_ai.guardrail.status": "FAILED" },
      [["pii", 0, "FAILED", "", ""]],
    ],
    [
      "a guard that broke: that says nothing of the answer",
      {
        "gen_ai.operation.name": "guard",
        "gen_ai.guardrail.name": "pii",
        "gen_ai.guardrail.status": "FAILED",
        "gen_ai.guardrail.error.type": "TypeError",
      },
      [["pii", null, "", "TypeError", ""]],
    ],
  ])("reads %s", (_what, attributes, outcomes) => {
    expect(outcomesOf(attributes)).toEqual(outcomes);
  });

  it("takes the time of an event, and the span's end for attributes, so that a span sent twice says it once", () => {
    const told = { name: "gen_ai.evaluation.result", timeMs: END - 100, attributes: new Map() };
    const [event, attribute] = evaluationsOnSpan(span({ "eval.quality.score": 1 }, [told]));
    expect([event?.timeMs, attribute?.timeMs]).toEqual([END - 100, END]);
  });

  it("takes a score that OpenLIT sends twice for one, where it has a key", () => {
    const score = (timeMs: number, key: Given) => ({
      name: "gen_ai.evaluation.result",
      timeMs,
      attributes: new Map(
        Object.entries({ "gen_ai.evaluation.name": "quality", "gen_ai.evaluation.score.value": 1, ...key }),
      ),
    });
    const ids = (key: Given) =>
      evaluationsOnSpan(span({}, [score(END - 2, key), score(END - 1, key)])).map((event) => {
        const outcome = normaliseOutcome(event, END);
        return outcome.kind === "outcome" ? outcome.row.id : null;
      });
    expect(new Set(ids({ "openlit.score.idempotency_key": "k" })).size).toBe(1);
    expect(new Set(ids({})).size).toBe(2);
  });
});

describe("an evaluation event", () => {
  it.each<[eventName: string, attributes: Given, expected: Given | null]>([
    ["gen_ai.evaluation.result", { "gen_ai.evaluation.name": "a" }, { "gen_ai.evaluation.name": "a" }],
    [
      "gen_ai.evaluation.user_feedback",
      { "gen_ai.evaluation.score": 1, "gen_ai.response.id": "r" },
      {
        "gen_ai.evaluation.name": "user_feedback",
        "gen_ai.evaluation.score.value": 1,
        "gen_ai.evaluation.score": 1,
        "gen_ai.response.id": "r",
      },
    ],
    [
      "gen_ai.evaluation.relevance",
      { "gen_ai.evaluation.name": "own", "gen_ai.evaluation.score.value": 2 },
      { "gen_ai.evaluation.name": "own", "gen_ai.evaluation.score.value": 2 },
    ],
    ["guard.evaluation", { "guard.score": 1 }, null],
    ["gen_ai.client.inference.operation.details", {}, null],
  ])("%s", (eventName, attributes, expected) => {
    const read = attributesOfEvent(eventName, new Map(Object.entries(attributes)));
    expect(read === null ? null : Object.fromEntries(read)).toEqual(expected);
  });
});
