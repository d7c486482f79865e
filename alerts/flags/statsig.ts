import { z } from "zod";
import type { FlagCapabilities } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetType } from "./flag-target-type.ts";
import { refuse } from "./looked-flag.ts";
import { OVERTAKEN } from "./raises.ts";
import {
  isPlanned,
  type StatsigRule,
  statsigGateSchema,
  statsigOverridesSchema,
  type UnderstoodGate,
  understandStatsig,
} from "./statsig-gate.ts";
import { createVendorApi, type VendorAnswer, type VendorApiSettings } from "./vendor-api.ts";
import { vendorFlag } from "./vendor-flag.ts";
import { baseSchema, propagationSchema, tokenSchema, vendorNameSchema } from "./vendor-keys.ts";

/** Configuration of a Statsig project. */
export interface StatsigConfig extends FlagTargetConfig {
  readonly type: "statsig";
  /** A Console API key that may write. */
  readonly token: string;
  /** The tier whose rules count: `production`. */
  readonly environment: string;
  /** Where the Console API is. */
  readonly url: string;
  readonly propagation?: number | undefined;
}

/** Server SDKs ask for the rules every 10 s; a hundred changes in ten seconds are allowed to a project. */
const CAPABILITIES: FlagCapabilities = {
  kill: false,
  segments: false,
  guards: false,
  shareStep: 0.0001,
  propagationMs: 15_000,
  pollMs: 10_000,
};

/** Statsig's messages are not shown: one of them repeats the key it was sent. */
const refusal: VendorApiSettings["refusal"] = ({ status, body }) => {
  const said = z.object({ message: z.string() }).safeParse(body);
  const isReview = said.success && /\breview/i.test(said.data.message);
  if ((status === 400 || status === 403) && isReview)
    return {
      why: "approval-required",
      detail: "changes of the gate have to be reviewed; let the Console API bypass that",
    };
  return status === 400 ? { detail: "the request was refused" } : null;
};

const answerOf = <T>(schema: z.ZodType<T>) => z.object({ data: schema });

/** The rule as it was read, with another percentage: Statsig asks for name and conditions with every change. */
const withPercentage = ({ name, conditions, environments }: StatsigRule, passPercentage: number): object => ({
  name,
  passPercentage,
  conditions,
  ...(environments ? { environments } : {}),
});

/** The flag target type `statsig`: the pass percentage of one rule of a gate, and the gate's switch where that is not enough. */
export const statsig: FlagTargetType<StatsigConfig> = {
  type: "statsig",
  formerTypes: [],
  files: [],
  capabilities: CAPABILITIES,
  schema: z.strictObject({
    type: z.literal("statsig"),
    token: tokenSchema,
    environment: vendorNameSchema.default("production"),
    url: baseSchema("https://statsigapi.net"),
    propagation: propagationSchema,
  }),
  create: (name, { token, environment, url, propagation }, { now, timeoutMs }) => {
    const headers = { "statsig-api-key": token, "statsig-api-version": "20240601" };
    const api = createVendorApi({ base: url, headers, secrets: [token], now, timeoutMs, refusal });
    return {
      name,
      problem: () => "",
      close: async () => undefined,
      bind: (route) => {
        const path = `/console/v1/gates/${encodeURIComponent(route.flag)}`;

        const find = async (): Promise<VendorAnswer<UnderstoodGate>> => {
          const overrides = { what: "reading the overrides", method: "GET", path: `${path}/overrides` } as const;
          const [gate, own] = await Promise.all([
            api({ what: "reading the gate", method: "GET", path, answer: answerOf(statsigGateSchema) }),
            api({ ...overrides, answer: answerOf(statsigOverridesSchema) }),
          ]);
          if (gate.outcome === "failed") return gate;
          if (own.outcome === "failed") return own;
          return { ...gate, value: understandStatsig(gate.value.data, own.value.data, environment) };
        };

        /** Statsig answers with the gate, but is asked again all the same: it is read with its overrides. */
        const change = async (
          what: string,
          method: "PATCH" | "PUT",
          rest: string,
          body?: object,
        ): Promise<VendorAnswer<null>> => {
          const asked = { what, method, path: `${path}${rest}`, ...(body === undefined ? {} : { body }) };
          const written = await api({ ...asked, answer: answerOf(z.unknown()) });
          return written.outcome === "failed" ? written : { ...written, value: null };
        };
        const pass = (rule: StatsigRule, share: number): Promise<VendorAnswer<null>> => {
          const percentage = Math.round(share * 10_000) / 100;
          const rest = `/rules/${encodeURIComponent(rule.baseID ?? rule.id)}`;
          return change("setting the share", "PATCH", rest, withPercentage(rule, percentage));
        };

        const off = ({ serving: [only, ...more], unknownWhenOn }: UnderstoodGate): Promise<VendorAnswer<null>> => {
          const isNarrow = only !== undefined && more.length === 0 && unknownWhenOn === "" && !isPlanned(only);
          return isNarrow ? pass(only, 0) : change("switching the gate off", "PUT", "/disable");
        };
        const raise = async (
          found: UnderstoodGate,
          share: number,
          mayGoOn: () => boolean,
        ): Promise<VendorAnswer<null>> => {
          const { carrier, unknownWhenOn, gate, reading } = found;
          if (carrier === null || unknownWhenOn !== "")
            return refuse("permanent", `setting the share: ${unknownWhenOn || reading.problems[0]}`);
          const passed = await pass(carrier, share);
          if (passed.outcome === "failed" || gate.isEnabled) return passed;
          return mayGoOn() ? change("switching the gate on", "PUT", "/enable") : OVERTAKEN;
        };

        return vendorFlag<UnderstoodGate>({
          offUnread: () => change("switching the gate off", "PUT", "/disable"),
          route,
          capabilities: { ...CAPABILITIES, propagationMs: propagation ?? CAPABILITIES.propagationMs },
          find,
          understand: ({ reading }) => reading,
          write: (found, share, mayGoOn) => (share === 0 ? off(found) : raise(found, share, mayGoOn)),
          permission: async () => ({
            mayWrite: null,
            mayWriteBecause:
              "Statsig says so only of a write, and every write counts as a change; the key has to be of the type write",
          }),
        });
      },
    };
  },
};
