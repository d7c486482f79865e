import { differences, type Expected } from "./expected/expected.ts";
import type { AppRun } from "./run-app.ts";

const stepOf = (line: string): string => {
  try {
    return String(JSON.parse(line).step);
  } catch {
    return "the end of the output";
  }
};

const firstDifference = (left: string, right: string): string => {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  const from = Math.max(0, at - 30);
  return `without: …${left.slice(from, at + 90)} / with: …${right.slice(from, at + 90)}`;
};

const compareLists = (what: string, without: readonly string[], withUs: readonly string[]): string[] =>
  Array.from({ length: Math.max(without.length, withUs.length) }, (_, index) => index).flatMap((index) => {
    const [left = "", right = ""] = [without[index], withUs[index]];
    return left === right ? [] : [`${stepOf(left || right)}: ${what} differs; ${firstDifference(left, right)}`];
  });

/** What the app or its provider could notice of us: one line each, none when nothing. */
export const noticed = (without: AppRun, withUs: AppRun): string[] => [
  ...(without.ended === withUs.ended ? [] : [`it ended with ${withUs.ended} instead of ${without.ended}`]),
  ...compareLists("what the app saw", without.lines, withUs.lines),
  ...compareLists("what the provider was sent", without.requests, withUs.requests),
  ...(without.stderr === withUs.stderr ? [] : [`stderr: ${firstDifference(without.stderr, withUs.stderr)}`]),
];

/** What is wrong with the spans of a run: one line each. Every step gives the spans it is expected to, named by its model. */
export const misrecorded = (run: AppRun, expected: Expected): string[] => {
  const modelOf = (attributes: Readonly<Record<string, unknown>>) => String(attributes["gen_ai.request.model"]);
  const strangers = run.spans.filter(({ attributes }) => !(modelOf(attributes) in expected));
  const steps = Object.entries(expected).flatMap(([step, wanted]) => {
    const found = run.spans.filter(({ attributes }) => modelOf(attributes) === step).sort((a, b) => a.start - b.start);
    const all = [wanted].flat();
    if (found.length !== all.length) return [`${step}: ${found.length} spans; expected ${all.length}`];
    return all
      .flatMap((one, index) => differences(one, found[index]?.attributes ?? {}))
      .map((line) => `${step}: ${line}`);
  });
  return [...steps, ...strangers.map(({ name }) => `an unexpected span: ${name}`)];
};
