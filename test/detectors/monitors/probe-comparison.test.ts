import { expect, it } from "vitest";
import { compareRun, emptyPasts, type ProbeAnswer } from "../../../detectors/monitors/probe-comparison.ts";

const given = (parts: Partial<ProbeAnswer> = {}): ProbeAnswer => ({
  probe: "a",
  version: "1",
  isError: false,
  answer: "hello",
  form: "prose",
  chars: 100,
  responseModel: "m-1",
  systemFingerprint: "",
  ...parts,
});

/** The shares of a run after five equal answers, by signal; what is unknown is missing. */
const after = (answer: ProbeAnswer, past: ProbeAnswer = given(), runs = 5): Readonly<Record<string, number>> => {
  const pasts = emptyPasts();
  for (let run = 0; run < runs; run++) compareRun(pasts, [past]);
  const samples = compareRun(pasts, [answer]).filter(({ signal }) => signal.startsWith("probe_"));
  return Object.fromEntries(samples.map(({ signal, n, sum }) => [signal.replace("probe_", ""), sum / n]));
};

it.each([
  ["the same answer", {}, { error: 0, answer_new: 0, form_changed: 0, longer: 0, shorter: 0 }],
  ["another answer", { answer: "hi" }, { error: 0, answer_new: 1, form_changed: 0, longer: 0, shorter: 0 }],
  ["another form", { form: "list" }, { error: 0, answer_new: 0, form_changed: 1, longer: 0, shorter: 0 }],
  ["a longer answer", { chars: 111 }, { error: 0, answer_new: 0, form_changed: 0, longer: 1, shorter: 0 }],
  ["a shorter answer", { chars: 90 }, { error: 0, answer_new: 0, form_changed: 0, longer: 0, shorter: 1 }],
  ["a failure, which says nothing of the answer", { isError: true, answer: "", form: "", chars: null }, { error: 1 }],
])("%s", (_name, parts, expected) => expect(after(given(parts))).toEqual(expected));

it("compares with nothing before there are five answers, nor with those of an edited probe", () => {
  expect(after(given(), given(), 4)).toEqual({ error: 0 });
  expect(after(given({ version: "2" }))).toEqual({ error: 0 });
});

it("keeps each probe's past to itself", () => {
  const pasts = emptyPasts();
  for (let run = 0; run < 5; run++) compareRun(pasts, [given(), given({ probe: "b", answer: "bye" })]);
  const samples = compareRun(pasts, [given({ answer: "bye" }), given({ probe: "b", answer: "bye" })]);
  expect(samples).toContainEqual({ series: "sentinel", signal: "probe_answer_new", n: 2, sum: 1, bins: {} });
  expect(samples).toContainEqual({ series: "sentinel", signal: "response_model", n: 2, sum: 0, bins: { "m-1": 2 } });
});

it("forgets answers older than the last twenty", () => {
  const pasts = emptyPasts();
  compareRun(pasts, [given({ answer: "once" })]);
  for (let run = 0; run < 20; run++) compareRun(pasts, [given()]);
  const [, isNew] = compareRun(pasts, [given({ answer: "once" })]);
  expect(isNew).toMatchObject({ signal: "probe_answer_new", n: 1, sum: 1 });
  expect(JSON.stringify(pasts).length).toBeLessThan(2000);
});
