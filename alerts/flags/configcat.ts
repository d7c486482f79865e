import { z } from "zod";
import { urlSchema } from "../channels/url-schema.ts";
import { armOfValue } from "./arm-of-value.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import { type FlagCapabilities, type FlagReadFailure, type FlagVariant, isReadFailure } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetParts, FlagTargetType } from "./flag-target-type.ts";
import { type Look, lookedFlag, type Permission, refuse } from "./looked-flag.ts";
import { createVendorApi, type VendorApi, type VendorRequest } from "./vendor-api.ts";

/** Configuration of a ConfigCat config in one environment. */
export interface ConfigCatConfig extends FlagTargetConfig {
  readonly type: "configcat";
  /** Of the public API's credentials. */
  readonly username: string;
  readonly password: string;
  /** SDK key of the config in the environment: it says which one is meant. */
  readonly sdkKey: string;
  readonly url: string;
}

/** SDKs poll every 60 s unless they are told otherwise, and the CDN takes some seconds. */
const CAPABILITIES: FlagCapabilities = {
  kill: false,
  segments: false,
  guards: true,
  shareStep: 0.01,
  propagationMs: 65_000,
  pollMs: 30_000,
};

const valueSchema = z.object({
  boolValue: z.boolean().nullish(),
  stringValue: z.string().nullish(),
  intValue: z.number().nullish(),
  doubleValue: z.number().nullish(),
});

const optionSchema = z.object({ percentage: z.number().min(0).max(100), value: valueSchema });

const ruleSchema = z.object({
  conditions: z.array(z.unknown()).nullish(),
  percentageOptions: z.array(optionSchema).nullish(),
  value: valueSchema.nullish(),
});

const formulaSchema = z.object({
  lastVersionId: z.string().min(1),
  defaultValue: valueSchema,
  targetingRules: z.array(ruleSchema).nullish(),
  percentageEvaluationAttribute: z.string().nullish(),
  readOnly: z.boolean().nullish(),
  setting: z.object({ key: z.string(), name: z.string().nullish() }).nullish(),
  environment: z.object({ name: z.string() }).nullish(),
});

type Value = z.infer<typeof valueSchema>;
type Option = z.infer<typeof optionSchema>;
type Formula = z.infer<typeof formulaSchema>;

/** Where in the flag the share is: the options of a rule without conditions. */
interface Place {
  readonly rule: number;
  readonly options: readonly Option[];
  /** Indexes of the two arms' options. */
  readonly canary: number;
  readonly baseline: number;
}

interface Raw {
  readonly formula: Formula;
  readonly place: Place | null;
}

type Arm = (value: Value | null | undefined) => "baseline" | "canary" | null;

const FIELDS = ["boolValue", "stringValue", "intValue", "doubleValue"] as const;

/** The one field of a value that is set, and what it holds. */
const held = (value: Value): readonly [field: string, value: unknown] => {
  const field = FIELDS.find((each) => value[each] !== null && value[each] !== undefined) ?? "boolValue";
  return [field, value[field]];
};

const servesCanary = (rule: z.infer<typeof ruleSchema>, armOf: Arm): boolean =>
  armOf(rule.value) === "canary" ||
  (rule.percentageOptions ?? []).some(({ percentage, value }) => percentage > 0 && armOf(value) === "canary");

const isStranger = (value: Value | null | undefined, armOf: Arm): boolean =>
  value !== null && value !== undefined && armOf(value) === null;

/** True for a rule that may give somebody a value that is neither arm's: it may be the candidate's under another name. */
const servesStranger = (rule: z.infer<typeof ruleSchema>, armOf: Arm): boolean =>
  isStranger(rule.value, armOf) ||
  (rule.percentageOptions ?? []).some(({ percentage, value }) => percentage > 0 && isStranger(value, armOf));

const placeIn = (rules: readonly z.infer<typeof ruleSchema>[], armOf: Arm): Place | null => {
  const rule = rules.findIndex(
    ({ conditions, percentageOptions }) => (conditions ?? []).length === 0 && (percentageOptions ?? []).length > 0,
  );
  const options = rules[rule]?.percentageOptions ?? [];
  const of = (arm: string): readonly number[] => [...options.keys()].filter((i) => armOf(options[i]?.value) === arm);
  const [canary, ...moreCanary] = of("canary");
  const [baseline, ...moreBaseline] = of("baseline");
  if (canary === undefined || baseline === undefined || moreCanary.length + moreBaseline.length > 0) return null;
  return { rule, options, canary, baseline };
};

const NO_PLACE =
  "no rule without conditions has one percentage option for each arm; add one as the last rule, candidate 0% and baseline 100%";

const lookAt = (formula: Formula, values: VariantValues): Look<Raw> => {
  const armOf: Arm = (value) => (value ? armOfValue({ name: "", value: held(value)[1] }, values) : null);
  const rules = formula.targetingRules ?? [];
  const place = placeIn(rules, armOf);
  const others = rules.flatMap((rule, i) => (i !== place?.rule && servesCanary(rule, armOf) ? [i + 1] : []));
  const elsewhere = [
    ...others.map((i) => `rule ${i} serves the candidate to users of its own: let it serve something else`),
    ...(armOf(formula.defaultValue) === "canary"
      ? [
          "the default value is the candidate's, and whoever has no attribute to be counted by gets it: make it the baseline's",
        ]
      : []),
  ];
  const hasStrangers =
    place === null && rules.some((rule) => (rule.conditions ?? []).length === 0 && servesStranger(rule, armOf));
  const percentage = place === null ? 0 : (place.options[place.canary]?.percentage ?? 0);
  const variants = (place === null ? [] : ([place.baseline, place.canary] as const)).map((i): FlagVariant => {
    const text = String(held(place?.options[i]?.value ?? {})[1]);
    return { arm: i === place?.canary ? "canary" : "baseline", name: text, value: text };
  });
  return {
    share: elsewhere.length > 0 || hasStrangers ? null : percentage / 100,
    revision: formula.lastVersionId,
    variants,
    facts: [
      ["Environment", formula.environment?.name ?? "that of the SDK key"],
      ["Counted by", formula.percentageEvaluationAttribute ?? "Identifier"],
      ["Share is in", place === null ? "no rule" : `rule ${place.rule + 1} of ${rules.length}`],
    ],
    problems: [
      ...elsewhere,
      ...(hasStrangers
        ? [
            "a value is served that is neither arm's: it may be the candidate's, whose value has to be its model, or true",
          ]
        : []),
      ...(place === null ? [NO_PLACE] : []),
    ],
    raw: { formula, place },
  };
};

/** The two percentages, and that they stand where they stood and for what they stood for. */
const patchOf = ({ rule, options, canary, baseline }: Place, percent: number): unknown => {
  const path = (i: number): string => `/targetingRules/${rule}/percentageOptions/${i}`;
  const rest = options.reduce((sum, { percentage }, i) => (i === canary || i === baseline ? sum : sum + percentage), 0);
  const next = [
    [canary, percent],
    [baseline, 100 - rest - percent],
  ] as const;
  return [
    ...next.flatMap(([i]) => {
      const option = options[i];
      if (option === undefined) return [];
      const [field, value] = held(option.value);
      return [
        { op: "test", path: `${path(i)}/value/${field}`, value },
        { op: "test", path: `${path(i)}/percentage`, value: option.percentage },
      ];
    }),
    ...next.map(([i, value]) => ({ op: "replace", path: `${path(i)}/percentage`, value })),
  ];
};

const createApi = (
  { username, password, sdkKey, url }: ConfigCatConfig,
  { now, timeoutMs }: FlagTargetParts,
): VendorApi => {
  const basic = Buffer.from(`${username}:${password}`).toString("base64");
  return createVendorApi({
    base: url.replace(/\/+$/, ""),
    headers: { authorization: `Basic ${basic}`, "x-configcat-sdkkey": sdkKey },
    secrets: [basic, username, password, sdkKey],
    now,
    timeoutMs,
  });
};

const flagOf = (api: VendorApi, flag: string, values: VariantValues) => {
  const path = `/v2/settings/${encodeURIComponent(flag)}/value`;
  const reading: VendorRequest<Formula> = { what: "reading the flag", method: "GET", path, answer: formulaSchema };

  const look = async (): Promise<Look<Raw> | FlagReadFailure> => {
    const answer = await api(reading);
    return isReadFailure(answer) ? answer : lookAt(answer.value, values);
  };

  /** HTTP 204 says that nothing had to be changed. */
  const patch = (body: unknown, why: string) =>
    api({
      what: "setting the flag",
      method: "PATCH",
      path: `${path}?reason=${encodeURIComponent(why)}`,
      body,
      answer: formulaSchema.optional(),
    });

  /** A test that fails is HTTP 400, as a patch that is wrong: which of them it was, the version tells. */
  const orConflict = async (failure: FlagReadFailure, { revision }: Look<Raw>): Promise<FlagReadFailure> => {
    if (failure.why !== "permanent") return failure;
    const now = await look();
    if (isReadFailure(now) || now.revision === revision) return failure;
    return refuse("conflict", "the flag was changed in between");
  };

  const write = async (found: Look<Raw>, share: number): Promise<Look<Raw> | FlagReadFailure> => {
    const { place } = found.raw;
    if (place === null) return refuse("permanent", found.problems.join("; "));
    const percent = Math.round(share * 100);
    const answer = await patch(patchOf(place, percent), `Leeway: ${percent}% to the candidate`);
    if (isReadFailure(answer)) return orConflict(answer, found);
    return answer.value === undefined ? look() : lookAt(answer.value, values);
  };

  /** The percentages that are there already change nothing, and want the same right. */
  const mayWrite = async ({ raw: { formula, place } }: Look<Raw>): Promise<Permission | FlagReadFailure> => {
    if (formula.readOnly === true) return { mayWrite: false, mayWriteBecause: "ConfigCat says that it is read-only" };
    if (place === null) return { mayWrite: null, mayWriteBecause: "there is no percentage to write" };
    const percent = place.options[place.canary]?.percentage ?? 0;
    const answer = await patch(patchOf(place, percent), "Leeway: a check that changes nothing");
    if (!isReadFailure(answer)) return { mayWrite: true, mayWriteBecause: "the percentages were written as they are" };
    return answer.why === "auth" ? { mayWrite: false, mayWriteBecause: answer.detail } : answer;
  };

  return { look, write, mayWrite };
};

/** The flag target type `configcat`. The share is in the percentage options of a rule without conditions. */
export const configcat: FlagTargetType<ConfigCatConfig> = {
  type: "configcat",
  formerTypes: [],
  files: [],
  capabilities: CAPABILITIES,
  schema: z.strictObject({
    type: z.literal("configcat"),
    username: z.string().min(1),
    password: z.string().min(1),
    sdkKey: z.string().min(1),
    url: urlSchema.default("https://api.configcat.com"),
  }),
  create: (name, config, parts) => {
    const api = createApi(config, parts);
    return {
      name,
      bind: (route, values) => lookedFlag(route, { capabilities: CAPABILITIES, ...flagOf(api, route.flag, values) }),
      problem: () => "",
      close: async () => undefined,
    };
  },
};
