import { LeewayError, messageOf } from "../../core/errors.ts";
import { isRecord } from "../../features/is-record.ts";
import { linesOf } from "../compare/lines-of.ts";
import { readJson } from "../compare/read-json.ts";

/** An example of a labelled task. */
export interface Example {
  /** Its own, or the number of its line. */
  readonly id: string;
  readonly place: string;
  readonly input: string;
  /** What is right: a label, or fields with their values. */
  readonly right: { readonly label: string } | { readonly fields: Readonly<Record<string, unknown>> };
}

const MAX_LINE = 4 * 1024 ** 2;

/** The example in a line, or what is wrong with it, in words without its content. */
const readLine = (line: unknown, labels: readonly string[] | null): Omit<Example, "id" | "place"> | string => {
  if (!isRecord(line) || typeof line.input !== "string") return "input: missing; expected a text";
  const { input, label, fields } = line;
  if (labels === null)
    return isRecord(fields) && Object.keys(fields).length > 0
      ? { input, right: { fields } }
      : "fields: missing; expected an object of what is to be found";
  if (typeof label !== "string" || !labels.includes(label)) return "label: none of the task's labels; expected one";
  return { input, right: { label } };
};

/**
 * The examples in a file, a JSON object a line: `{ input, label }`, or `{ input, fields }` where `labels` is null. What is wrong is
 * told with its line, and the rest is kept. Throws LeewayError `records-invalid` when the file cannot be read.
 */
export const readExamples = async (
  path: string,
  file: string,
  labels: readonly string[] | null,
): Promise<{ readonly examples: readonly Example[]; readonly problems: readonly string[] }> => {
  const examples: Example[] = [];
  const problems: string[] = [];
  try {
    for await (const { number, text } of linesOf(path, MAX_LINE)) {
      if (text.trim() === "") continue;
      const place = `${file}:${number}`;
      const json = readJson(text);
      const read = "problem" in json ? String(json.problem) : readLine(json.value, labels);
      if (typeof read === "string") problems.push(`${place}: ${read}`);
      else {
        const own = "value" in json && isRecord(json.value) ? json.value.id : undefined;
        examples.push({ ...read, place, id: typeof own === "string" && own !== "" ? own : String(number) });
      }
    }
  } catch (cause) {
    throw new LeewayError(
      "records-invalid",
      `${file}: cannot be read (${messageOf(cause)}); expected a file of examples`,
      {
        cause,
      },
    );
  }
  return { examples, problems };
};
