import { createHash } from "node:crypto";
import { z } from "zod";
import { parseJson } from "../../config/parse-json.ts";
import { type Problem, parseWith } from "../../config/problem.ts";
import { readText } from "../../config/read-text.ts";

/** A question a sentinel asks again and again: pinned, so that only the model can change the answer. */
export interface Probe {
  readonly id: string;
  readonly messages: readonly { readonly role: "system" | "user" | "assistant"; readonly content: string }[];
  /** True: asks for a JSON object. */
  readonly json: boolean;
  /** Digest of the above, 16 hex digits: a probe that was edited has no past. */
  readonly version: string;
}

interface WrittenProbe {
  readonly id: string;
  readonly prompt?: string | undefined;
  readonly messages?: Probe["messages"] | undefined;
  readonly json: boolean;
}

const content = z.string().min(1).max(100_000);

const written: z.ZodType<WrittenProbe> = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, "unusable; expected a name of letters, digits, . _ -"),
    prompt: content.optional(),
    messages: z
      .array(z.strictObject({ role: z.enum(["system", "user", "assistant"]), content }))
      .min(1)
      .optional(),
    json: z.boolean().default(false),
  })
  .refine(({ prompt, messages }) => (prompt === undefined) !== (messages === undefined), {
    message: "both prompt and messages, or neither; expected one of them",
  });

/** Probes, or everything that is wrong with their file. */
export type ProbesRead = { readonly probes: readonly Probe[] } | { readonly problems: readonly Problem[] };

const MAX_PROBES = 200;

const MAX_BYTES = 32 * 1024 ** 2;

/** So many mistakes are told. */
const MAX_PROBLEMS = 10;

const probeOf = ({ id, prompt, messages = [], json }: WrittenProbe): Probe => {
  const asked = prompt === undefined ? messages : [{ role: "user", content: prompt } as const];
  const version = createHash("sha256")
    .update(JSON.stringify([asked, json]))
    .digest("hex")
    .slice(0, 16);
  return { id, messages: asked, json, version };
};

const parseLine = (line: string, path: string, file: string): Probe | readonly Problem[] => {
  const json = parseJson(line, 'one probe a line, such as { "id": "greeting", "prompt": "…" }');
  if ("problem" in json) return [{ file, path, text: json.problem }];
  const read = parseWith(written, json.value, file);
  if ("value" in read) return probeOf(read.value);
  return read.problems.map((problem) => ({ ...problem, path: [path, problem.path].filter(Boolean).join(": ") }));
};

type Line = readonly [line: string, number: number];

const linesOf = (text: string): readonly Line[] =>
  text
    .split("\n")
    .map((line, i): Line => [line, i + 1])
    .filter(([line]) => line.trim() !== "");

/**
 * Reads probes: JSON lines of `{ id, prompt }` or `{ id, messages }`, and `json`. Throws LeewayError `config-missing`
 * when there is no such file. `file` is the name shown to people.
 */
export const readProbes = (path: string, file: string): ProbesRead => {
  const text = readText(path, file, MAX_BYTES, "expected the probes of a sentinel");
  if ("problems" in text) return text;
  const probes: Probe[] = [];
  const problems: Problem[] = [];
  for (const [line, number] of linesOf(text.text)) {
    if (problems.length >= MAX_PROBLEMS) break;
    const read = parseLine(line, `line ${number}`, file);
    if (!("id" in read)) problems.push(...read);
    else if (!probes.some(({ id }) => id === read.id)) probes.push(read);
    else problems.push({ file, path: `line ${number}`, text: `${read.id} is there twice; expected an id of its own` });
  }
  if (problems.length === 0 && (probes.length === 0 || probes.length > MAX_PROBES))
    problems.push({ file, path: "", text: `${probes.length} probes; expected 1 to ${MAX_PROBES}` });
  return problems.length > 0 ? { problems } : { probes };
};
