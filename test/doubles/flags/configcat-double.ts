import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  type ConfigCatCondition,
  type ConfigCatFormula,
  type ConfigCatOption,
  type ConfigCatValue,
  configCatFormulaSchema,
} from "./configcat-formula.ts";
import { applyJsonPatch, jsonPatchSchema } from "./json-patch.ts";
import {
  startVendorDouble,
  type VendorDouble,
  type VendorDoubleReply,
  type VendorDoubleRequest,
} from "./vendor-double.ts";

/** The kinds of value, and what the SDKs call them. */
const VALUE_KEYS = { boolValue: "b", stringValue: "s", intValue: "i", doubleValue: "d" } as const;

/** A flag in one environment. */
export interface ConfigCatSetting {
  readonly id: number;
  readonly key: string;
  readonly formula: ConfigCatFormula;
  readonly lastVersionId: string;
  readonly readOnly: boolean;
}

/** ConfigCat's public API (v2) and what its SDKs fetch, for the environments of some SDK keys. */
export interface ConfigCatDouble extends VendorDouble {
  readonly username: string;
  readonly password: string;
  /** Flags by key, by SDK key. */
  readonly environments: Map<string, Map<string, ConfigCatSetting>>;
  /** As the dashboard does it. */
  readonly edit: (sdkKey: string, key: string, change: (formula: ConfigCatFormula) => ConfigCatFormula) => void;
  /** Requests left until 429 is answered; null = none are counted. */
  readonly limit: (remaining: number | null) => void;
}

const toModel = ({ id, key, formula, lastVersionId, readOnly }: ConfigCatSetting): unknown => ({
  ...formula,
  lastVersionId,
  readOnly,
  setting: { settingId: id, key, name: `The ${key}`, hint: null, settingType: "boolean" },
  environment: { environmentId: "e0f2", name: "Production", color: "#ff0000" },
  updatedAt: "2026-11-30T00:00:00Z",
  settingTags: [],
});

const sdkValue = (held: ConfigCatValue): unknown =>
  Object.fromEntries(
    Object.entries(held).flatMap(([name, each]) =>
      each === null || each === undefined ? [] : [[VALUE_KEYS[name as keyof typeof VALUE_KEYS], each]],
    ),
  );

const sdkOptions = (options: readonly ConfigCatOption[]): unknown =>
  options.map(({ percentage, value: held }, i) => ({ p: percentage, v: sdkValue(held), i: `o${i}` }));

const sdkCondition = (each: ConfigCatCondition, keyOf: (id: number) => string): unknown => {
  if ("userCondition" in each) {
    const { comparisonAttribute: a, comparisonValue } = each.userCondition;
    return { u: { a, c: 28, s: comparisonValue.stringValue } };
  }
  const { prerequisiteSettingId, comparator, prerequisiteComparisonValue } = each.prerequisiteFlagCondition;
  return {
    p: {
      f: keyOf(prerequisiteSettingId),
      c: comparator === "equals" ? 0 : 1,
      v: sdkValue(prerequisiteComparisonValue),
    },
  };
};

/** The config as SDKs know it (config_v6.json): the rule without conditions is the flag's own percentages. */
const sdkConfig = (settings: ReadonlyMap<string, ConfigCatSetting>): unknown => {
  const keyOf = (id: number): string => [...settings.values()].find((each) => each.id === id)?.key ?? "";
  const flag = ({
    formula: { defaultValue, targetingRules, percentageEvaluationAttribute },
  }: ConfigCatSetting): unknown => {
    const own = targetingRules.find(({ conditions }) => conditions.length === 0);
    return {
      t: "boolValue" in defaultValue ? 0 : 1,
      v: sdkValue(defaultValue),
      i: "v",
      ...(percentageEvaluationAttribute === null ? {} : { a: percentageEvaluationAttribute }),
      ...(own === undefined ? {} : { p: sdkOptions(own.percentageOptions) }),
      r: targetingRules
        .filter((each) => each !== own)
        .map((each, i) => ({
          c: each.conditions.map((one) => sdkCondition(one, keyOf)),
          ...(each.value ? { s: { v: sdkValue(each.value), i: `r${i}` } } : { p: sdkOptions(each.percentageOptions) }),
        })),
    };
  };
  return {
    p: { u: "", r: 0, s: "c2FsdA==" },
    f: Object.fromEntries([...settings].map(([key, setting]) => [key, flag(setting)])),
    s: [],
  };
};

/** Starts it, without any environment. */
export const startConfigCatDouble = async (): Promise<ConfigCatDouble> => {
  const [username, password] = ["08dc-user", "api-password-1234"];
  const environments: ConfigCatDouble["environments"] = new Map();
  let left: number | null = null;

  const set = (sdkKey: string, setting: ConfigCatSetting, formula: ConfigCatFormula): ConfigCatSetting => {
    const next = { ...setting, formula, lastVersionId: randomUUID() };
    environments.get(sdkKey)?.set(setting.key, next);
    return next;
  };

  const patch = (sdkKey: string, setting: ConfigCatSetting, body: unknown): VendorDoubleReply => {
    if (setting.readOnly) return { status: 403 };
    const parsed = jsonPatchSchema.safeParse(body);
    if (!parsed.success) return { status: 400, body: "the patch is invalid" };
    const applied = applyJsonPatch(setting.formula, parsed.data);
    if ("failedAt" in applied) return { status: 400, body: `operation ${applied.failedAt} failed` };
    const formula = configCatFormulaSchema.safeParse(applied.document);
    if (!formula.success) return { status: 400, body: "the resource would be invalid" };
    if (isDeepStrictEqual(formula.data, setting.formula)) return { status: 204 };
    return { status: 200, body: toModel(set(sdkKey, setting, formula.data)) };
  };

  const api = ({ method, path, query, headers, body }: VendorDoubleRequest): VendorDoubleReply => {
    const expected = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    if (headers.authorization !== expected) return { status: 401 };
    const sdkKey = headers["x-configcat-sdkkey"] ?? "";
    const [, key = ""] = /^\/v2\/settings\/([^/]+)\/value$/.exec(path) ?? [];
    const setting = environments.get(sdkKey)?.get(key);
    if (setting === undefined) return { status: 404 };
    if (method === "GET") return { status: 200, body: toModel(setting) };
    if (method !== "PATCH") return { status: 405 };
    if ([...query.keys()].some((name) => name !== "reason") || headers["content-type"] !== "application/json")
      return { status: 400 };
    return patch(sdkKey, setting, body);
  };

  const handle = (request: VendorDoubleRequest): VendorDoubleReply => {
    const [, sdkKey] = /^\/configuration-files\/(.+)\/config_v6\.json$/.exec(request.path) ?? [];
    if (sdkKey !== undefined) return { status: 200, body: sdkConfig(environments.get(sdkKey) ?? new Map()) };
    if (left !== null && left <= 0)
      return { status: 429, headers: { "retry-after": "11", "x-rate-limit-remaining": "0" } };
    if (left !== null) left -= 1;
    const reply = api(request);
    return { ...reply, headers: { ...reply.headers, "x-rate-limit-remaining": String(left ?? 100) } };
  };

  const double = await startVendorDouble({
    handle,
    keep: () => {
      const kept = [...environments].map(([key, settings]) => [key, new Map(settings)] as const);
      return () => {
        for (const [key, settings] of kept) environments.set(key, settings);
      };
    },
  });
  return {
    ...double,
    username,
    password,
    environments,
    edit: (sdkKey, key, change) => {
      const setting = environments.get(sdkKey)?.get(key);
      if (setting === undefined) throw new Error(`no flag ${key}`);
      set(sdkKey, setting, configCatFormulaSchema.parse(change(setting.formula)));
    },
    limit: (remaining) => {
      left = remaining;
    },
  };
};
