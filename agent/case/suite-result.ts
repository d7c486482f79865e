import { z } from "zod";
import { day } from "../config/day.ts";
import { parseJson } from "../config/parse-json.ts";
import { type Problem, parseWith } from "../config/problem.ts";
import { readText } from "../config/read-text.ts";

/**
 * What a regression suite found when both models were put through it: the file that `why.improvement.suite` of a document names.
 * Whatever runs the suite writes it.
 */
export interface SuiteResult {
  readonly schema: "leeway.suite-result/1";
  /** Whether the models are equivalent within the suite's margin; `better`: they are not, and the candidate is the better one. */
  readonly verdict: "equivalent" | "not-equivalent" | "better" | "undecided";
  /** Names of the models, as the document has them. */
  readonly baseline: string;
  readonly candidate: string;
  /** Cases that both models were asked. */
  readonly n: number;
  /** Cases in which the candidate was better, and worse; left out = not told apart. */
  readonly better?: number | undefined;
  readonly worse?: number | undefined;
  /** The day it was run, `2026-11-20`, UTC. */
  readonly date: string;
}

const count = z.int().nonnegative();

const schema: z.ZodType<SuiteResult> = z
  .object({
    schema: z.literal("leeway.suite-result/1"),
    verdict: z.enum(["equivalent", "not-equivalent", "better", "undecided"]),
    baseline: z.string().min(1),
    candidate: z.string().min(1),
    n: count,
    better: count.optional(),
    worse: count.optional(),
    date: day,
  })
  .refine(({ n, better = 0, worse = 0 }) => better + worse <= n, {
    path: ["n"],
    message: "fewer cases than better and worse ones; expected all cases",
  });

const MAX_BYTES = 256 * 1024;

/**
 * The result in a file, or what is wrong with it; what else a newer version wrote into it is left alone. Throws LeewayError
 * `config-missing` when it cannot be read. `file` is the name shown to people.
 */
export const readSuiteResult = (
  path: string,
  file: string,
): { readonly result: SuiteResult } | { readonly problems: readonly Problem[] } => {
  const text = readText(path, file, MAX_BYTES, "expected the result of a suite that why.improvement.suite names");
  if ("problems" in text) return text;
  const json = parseJson(text.text, "the result of a suite (docs/decide.md)");
  if ("problem" in json) return { problems: [{ file, path: "", text: json.problem }] };
  const read = parseWith(schema, json.value, file);
  return "problems" in read ? read : { result: read.value };
};
