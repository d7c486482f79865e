import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LeewayError, messageOf } from "../../core/errors.ts";
import { isRecord } from "../../features/is-record.ts";
import type { JsonObject } from "../../formats/json/json-object.ts";
import type { CorpusRequest } from "../replay/corpus-line.ts";
import { type Example, readExamples } from "./read-examples.ts";
import type { Check, SuiteCase, WrittenCase, WrittenCheck, WrittenRequest } from "./suite.ts";

/** What a written case became. */
export interface Expanded {
  readonly cases: readonly SuiteCase[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Examples below which precision and recall say little. */
const FEW_EXAMPLES = 100;

/** Keys of a case that are no part of its request. */
const OWN = new Set([
  ...["id", "kind", "task", "incident", "prompt", "turns", "answeredBy", "expect", "labels", "examples", "path"],
]);

const requestOf = (written: WrittenCase, defaults: WrittenRequest): CorpusRequest & JsonObject => {
  const own = Object.fromEntries(Object.entries(written).filter(([key]) => !OWN.has(key)));
  const { prompt } = written;
  return {
    ...defaults,
    ...own,
    ...(prompt === undefined ? {} : { messages: [{ role: "user" as const, content: prompt }] }),
  };
};

/** The input in the place of `{{input}}`, in every text. */
const filled = (value: unknown, input: string): unknown => {
  if (typeof value === "string") return value.replaceAll("{{input}}", () => input);
  if (Array.isArray(value)) return value.map((each) => filled(each, input));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, input)]));
};

/** A check whose schema is in a file gets it from there. Throws LeewayError `config-invalid`. */
const readyCheck = (check: WrittenCheck, folder: string): Check => {
  if (typeof check.schema !== "string") {
    const { javascript } = check;
    return {
      is: "written",
      check: javascript === undefined ? check : { ...check, javascript: join(folder, javascript) },
    };
  }
  try {
    const schema: unknown = JSON.parse(readFileSync(join(folder, check.schema), "utf8"));
    if (isRecord(schema)) return { is: "written", check: { ...check, schema } };
    throw new Error("no object");
  } catch (cause) {
    const what = `schema: ${check.schema} cannot be read (${messageOf(cause)}); expected a file with a JSON Schema`;
    throw new LeewayError("config-invalid", what, { cause });
  }
};

const checksOf = ({ expect = [] }: WrittenCase, folder: string): readonly Check[] =>
  typeof expect === "string"
    ? [{ is: "written", check: { refusal: expect } }]
    : expect.map((check) => readyCheck(check, folder));

const rightCheck = ({ right }: Example, { labels = [], path }: WrittenCase): Check =>
  "label" in right ? { is: "label", labels, label: right.label, path } : { is: "fields", fields: right.fields, path };

/** A labelled task as a case an example, or a case as itself; `place` is where it stands. */
export const expandCase = async (
  written: WrittenCase,
  place: string,
  { folder, defaults }: { readonly folder: string; readonly defaults: WrittenRequest },
): Promise<Expanded> => {
  const { id, kind, task = "", incident = "", turns = [], answeredBy = "itself", examples: file, labels } = written;
  const base = { kind, incident, turns, answeredBy };
  const request = requestOf(written, defaults);
  const checks = checksOf(written, folder);
  if (file === undefined || (kind !== "classification" && kind !== "extraction"))
    return { cases: [{ ...base, id, task, place, request, checks, group: "" }], problems: [], warnings: [] };
  const { examples, problems } = await readExamples(
    join(folder, file),
    file,
    kind === "classification" ? (labels ?? []) : null,
  );
  const cases = examples.map(
    (example): SuiteCase => ({
      ...{ ...base, id: `${id}/${example.id}`, task: task === "" ? id : task, place: example.place, group: id },
      request: filled(request, example.input) as CorpusRequest & JsonObject,
      turns: turns.map((turn) => String(filled(turn, example.input))),
      checks: [...checks, rightCheck(example, written)],
    }),
  );
  const warnings =
    examples.length < FEW_EXAMPLES
      ? [
          `${place}: ${id} has ${examples.length} examples; with less than ${FEW_EXAMPLES} precision, recall and accuracy say little`,
        ]
      : [];
  return { cases, problems, warnings };
};
