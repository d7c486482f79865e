import { createHash } from "node:crypto";
import { LeewayError, messageOf } from "../../core/errors.ts";
import type { JsonObject } from "../../formats/json/json-object.ts";
import { linesOf } from "../compare/lines-of.ts";
import { readJson } from "../compare/read-json.ts";
import { formatProblem, parseWith } from "../config/problem.ts";
import type { CorpusLine, CorpusQuestion } from "./corpus-line.ts";
import { lineSchema } from "./corpus-schema.ts";
import { readRequest } from "./read-request.ts";

/** A line of a corpus that can be asked, as far as the line itself says. */
export interface CorpusEntry {
  /** `corpus.jsonl:12`. */
  readonly place: string;
  readonly promptId: string;
  /** Empty = none is given, like `conversationId`. */
  readonly task: string;
  readonly conversationId: string;
  readonly asked: CorpusQuestion;
  /** The one repetition that is wanted, from 0; left out = all that the run wants. */
  readonly repetition?: number;
}

/** One line: what is asked; why it is not; or that it stands there a second time. */
export type CorpusRead =
  | { readonly entry: CorpusEntry }
  | { readonly place: string; readonly problem: string }
  | { readonly place: string; readonly repeats: string };

/** Longer than any request. */
const MAX_LINE = 64 * 1024 ** 2;

/** Name of what it is made of, 16 hexadecimal digits: equal values have the same. */
export const digest = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);

const nameOf = (value: CorpusLine["prompt_id"]): string => String(value ?? "");

const parseLine = (text: string, place: string): CorpusLine | { readonly problem: string } => {
  const read = readJson(text);
  if ("problem" in read) return read;
  const parsed = parseWith(lineSchema, read.value, place);
  if ("value" in parsed) return parsed.value;
  const problems = parsed.problems.map((problem) => formatProblem({ ...problem, file: "" }));
  return { problem: problems.slice(0, 3).join("; ") };
};

const readLine = (text: string, place: string): Exclude<CorpusRead, { readonly repeats: string }> => {
  const line = parseLine(text, place);
  if ("problem" in line) return { place, problem: String(line.problem) };
  const asked = readRequest(line as CorpusLine & JsonObject);
  if ("problem" in asked) return { place, problem: asked.problem };
  const given = nameOf(line.prompt_id);
  const promptId = given === "" ? `q-${digest(asked)}` : given;
  return {
    entry: { place, promptId, task: nameOf(line.task), conversationId: nameOf(line.conversation_id), asked },
  };
};

/**
 * The questions of a corpus, a JSON object a line (UTF-8 or UTF-16, also in gzip), as they come. A question that stands there again
 * under its id is told as repeated; another one under a known id is a problem: its answers would be taken for the first one's.
 * Throws LeewayError `records-invalid` for a file that cannot be read.
 */
export async function* readCorpus(path: string): AsyncGenerator<CorpusRead> {
  const known = new Map<string, string>();
  try {
    for await (const { number, text } of linesOf(path, MAX_LINE)) {
      if (text.trim() === "") continue;
      const place = `${path}:${number}`;
      const read = readLine(text, place);
      if (!("entry" in read)) {
        yield read;
        continue;
      }
      const { promptId, asked } = read.entry;
      const [before, now] = [known.get(promptId), digest(asked)];
      known.set(promptId, before ?? now);
      if (before === undefined) yield read;
      else if (before === now) yield { place, repeats: promptId };
      else yield { place, problem: `prompt_id: ${promptId} was another question before; expected an id of its own` };
    }
  } catch (cause) {
    const expected = "expected a file of one JSON object a line";
    throw new LeewayError("records-invalid", `${path}: cannot be read (${messageOf(cause)}); ${expected}`, { cause });
  }
}
