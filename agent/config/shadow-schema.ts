import { z } from "zod";
import type { Audience } from "../../core/audience.ts";
import { IN_PROCESS_NAMES, inProcessModel, inProcessName } from "../../core/in-process-model.ts";
import type { Migration } from "../../core/migration.ts";
import { DEFAULT_SHADOW, type ShadowSettings } from "../../core/shadow.ts";
import { modelFamily } from "../../formats/history/model-family.ts";
import type { Problem } from "./problem.ts";
import { readStageSegment, type WrittenStageSegment, writtenStageSegment } from "./stage-segment.ts";
import { duration, percent, webAddress } from "./units.ts";

/** A name that a shell could give a variable. What holds a key is never written here itself. */
const variable = z
  .string()
  .regex(
    /^[A-Z_][A-Z0-9_]{0,99}$/,
    "no name of a variable; expected one of the app's environment, such as OPENAI_API_KEY",
  );

const amount = z.number().positive().nullable().default(null);

const critical = z
  .record(z.string(), z.unknown())
  .refine((written) => "limit" in written && Object.keys(written).length === 2, {
    message: "expected one segment and its limit, such as { input_type: [payment], limit: 1% }",
  });

/** `shadow` of a document, as it is written, with the defaults in place of what is not. */
export interface WrittenShadow extends Omit<ShadowSettings, "timeoutMs" | "audience" | "critical"> {
  readonly timeout: number;
  readonly segment: WrittenStageSegment | null;
  /** One or several of a segment's name with its values, and `limit`. */
  readonly critical: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
}

/** Reads it. */
export const writtenShadow: z.ZodType<WrittenShadow> = z.strictObject({
  baseUrl: webAddress.nullable().default(DEFAULT_SHADOW.baseUrl),
  key: variable.nullable().default(DEFAULT_SHADOW.key),
  timeout: duration.default(DEFAULT_SHADOW.timeoutMs),
  concurrency: z.number().int().min(1).max(64).default(DEFAULT_SHADOW.concurrency),
  selfRerun: percent.default(DEFAULT_SHADOW.selfRerun),
  segment: writtenStageSegment.nullable().default(null),
  similarity: z
    .strictObject({
      model: z.string().min(1).max(200),
      baseUrl: webAddress.nullable().default(null),
      key: variable.nullable().default(null),
    })
    .nullable()
    .default(null),
  judge: z
    .strictObject({
      model: z.string().min(1).max(200),
      baseUrl: webAddress,
      key: variable.nullable().default(null),
      share: percent.default(0.03),
      rubric: z.string().trim().min(1).max(4000).nullable().default(null),
      temperature: z.number().min(0).max(2).nullable().default(0),
    })
    .nullable()
    .default(null),
  budget: z
    .strictObject({
      calls: z.number().int().positive().nullable().default(DEFAULT_SHADOW.budget.calls),
      tokens: amount,
      usd: amount,
    })
    .prefault({}),
  limit: percent.default(DEFAULT_SHADOW.limit),
  critical: z.union([critical, z.array(critical)]).default([]),
  novel: percent.default(DEFAULT_SHADOW.novel),
});

type Segments = Pick<Migration, "segments" | "segmentOptions">;

/** The arm whose family a judge is of: it would prefer its own way. Null = none that is known. */
const judgeKin = (
  judge: WrittenShadow["judge"],
  { baseline, candidate }: Pick<Migration, "baseline" | "candidate">,
): string | null => {
  const family = judge === null ? null : modelFamily(judge.model);
  const kin = [baseline, candidate].find(({ model }) => family !== null && modelFamily(model) === family);
  return kin?.model ?? null;
};

/** The settings of a document's shadow, or what is wrong with what is written; undefined where nothing is. */
export const readShadow = (
  written: WrittenShadow | null,
  segments: Segments,
  arms: Pick<Migration, "baseline" | "candidate">,
  file: string,
): { readonly shadow?: ShadowSettings; readonly problems: readonly Problem[] } => {
  if (written === null) return { problems: [] };
  const problems: Problem[] = [];
  const wrong = (path: string, text: string): void => void problems.push({ file, path: `shadow.${path}`, text });
  const audienceOf = (given: WrittenStageSegment, path: string): Audience | null => {
    const read = readStageSegment(given, segments);
    if (!("length" in read)) return read;
    for (const { key, text } of read) wrong(`${path}${key.replace(/^segment\.?/, "")}`, text);
    return null;
  };
  const { critical, segment, timeout: timeoutMs, ...rest } = written;
  const strict = [critical].flat().flatMap((each, i) => {
    const { limit: given, ...named } = each;
    const limit = percent.safeParse(given);
    const segment = writtenStageSegment.safeParse(named);
    if (!limit.success) wrong(`critical[${i}].limit`, "no percentage; expected one such as 1%");
    if (!segment.success)
      wrong(`critical[${i}]`, "no segment; expected a name with its values, such as input_type: [payment]");
    if (!limit.success || !segment.success) return [];
    const audience = audienceOf(segment.data, `critical[${i}].`);
    if (limit.data > rest.limit)
      wrong(`critical[${i}].limit`, "more than shadow.limit; expected less: critical is where fewer are borne");
    return audience === null ? [] : [{ audience, limit: limit.data }];
  });
  const inProcess = rest.similarity === null ? null : inProcessName(rest.similarity.model);
  if (inProcess !== null && inProcessModel(inProcess) === null)
    wrong("similarity.model", `no model that runs in process; expected ${IN_PROCESS_NAMES.join(" or ")}`);
  if (inProcess !== null && (rest.similarity?.baseUrl ?? rest.similarity?.key ?? null) !== null)
    wrong("similarity", "a model that runs in process has no address and no key; leave baseUrl and key out");
  const kin = judgeKin(rest.judge, arms);
  if (kin !== null)
    wrong("judge.model", `of the family of ${kin}, which it would judge; expected a model of another provider`);
  if (rest.limit === 0 || strict.some(({ limit }) => limit === 0))
    wrong("limit", "0% can never be shown; expected a percentage above it, such as 1%");
  const audience = segment === null ? null : audienceOf(segment, "segment.");
  if (problems.length > 0) return { problems };
  return { shadow: { ...rest, timeoutMs, audience, critical: strict }, problems };
};
