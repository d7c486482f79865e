import { z } from "zod";
import { type FlagReadFailure, isReadFailure } from "./flag-target.ts";
import { type UnleashFeature, type UnleashStrategy, unleashFeatureSchema } from "./unleash-strategies.ts";
import { createVendorApi, type VendorApiSettings } from "./vendor-api.ts";

/** The project and environment of an Unleash, and who asks. */
export interface UnleashPlace {
  /** Where its users open it, without `/api` and without a slash at the end. */
  readonly url: string;
  /** An admin token, a service account's or a person's. */
  readonly token: string;
  readonly project: string;
  readonly environment: string;
}

/** The calls of Unleash's admin API that Leeway makes for one flag. */
export interface UnleashApi {
  readonly feature: () => Promise<UnleashFeature | FlagReadFailure>;
  /** Null when done. Done already is done. */
  readonly toggle: (way: "on" | "off") => Promise<FlagReadFailure | null>;
  /**
   * Sets the rollout (whole percent) of a strategy that still is as it was read, and its constraints, null = as they are; else
   * `conflict`. Null when done.
   */
  readonly setRollout: (
    strategy: UnleashStrategy,
    rollout: number,
    constraints: readonly object[] | null,
  ) => Promise<FlagReadFailure | null>;
  /** Whether the token's permissions are enough for all of this. */
  readonly mayWrite: () => Promise<{ readonly mayWrite: boolean | null; readonly mayWriteBecause: string }>;
}

const said = (body: unknown): string => {
  const parsed = z.looseObject({ name: z.string().default(""), message: z.string().default("") }).safeParse(body);
  return parsed.success ? `${parsed.data.name} ${parsed.data.message}` : "";
};

const ASK_FOR_IT =
  "change requests are on for this environment: give the token the permission to skip them, or ask for the change in Unleash";

/** What Unleash means otherwise than HTTP: a patch whose test fails is a 500, a change request wanted is a 403. */
const refusal: VendorApiSettings["refusal"] = ({ status, body }) => {
  const text = said(body);
  if (status === 500 && text.includes("TEST_OPERATION_FAILED"))
    return { why: "conflict", detail: "the strategy was changed in between" };
  if (status === 403 && text.includes("SKIP_CHANGE_REQUEST")) return { why: "approval-required", detail: ASK_FOR_IT };
  if (status === 403 && text.startsWith("InvalidOperationError")) return { why: "permanent" };
  if (text.startsWith("ArchivedFeatureError")) return { why: "not-found", detail: "the flag is archived" };
  return null;
};

const PERMISSIONS = ["UPDATE_FEATURE_ENVIRONMENT", "UPDATE_FEATURE_STRATEGY"] as const;

const userSchema = z.looseObject({
  permissions: z.array(
    z.looseObject({ permission: z.string(), project: z.string().nullish(), environment: z.string().nullish() }),
  ),
});

const covers = (given: string | null | undefined, wanted: string): boolean =>
  given === undefined || given === null || given === "*" || given === wanted;

/** The API for the flag `flag` of a project and environment. */
export const createUnleashApi = (
  { url, token, project, environment }: UnleashPlace,
  flag: string,
  { now, timeoutMs }: { readonly now: () => number; readonly timeoutMs: number },
): UnleashApi => {
  const headers = { authorization: token };
  const api = createVendorApi({ base: url, headers, secrets: [token], now, timeoutMs, refusal });
  const [projectPath, flagPath, place] = [project, flag, environment].map(encodeURIComponent);
  const path = `/api/admin/projects/${projectPath}/features/${flagPath}`;
  const done = async (request: Parameters<typeof api>[0]): Promise<FlagReadFailure | null> => {
    const answer = await api(request);
    return isReadFailure(answer) ? answer : null;
  };
  const answer = z.unknown();
  return {
    feature: async () => {
      const got = await api({
        what: "reading the flag",
        method: "GET",
        path: `${path}?variantEnvironments=true`,
        answer: unleashFeatureSchema,
      });
      return isReadFailure(got) ? got : got.value;
    },
    toggle: (way) =>
      done({ what: `switching the flag ${way}`, method: "POST", path: `${path}/environments/${place}/${way}`, answer }),
    setRollout: ({ id, parameters, variants, constraints }, rollout, next) =>
      done({
        what: "setting the rollout",
        method: "PATCH",
        path: `${path}/environments/${place}/strategies/${encodeURIComponent(id)}`,
        body: [
          { op: "test", path: "/parameters/rollout", value: parameters?.rollout },
          { op: "test", path: "/variants", value: variants ?? [] },
          { op: "test", path: "/constraints", value: constraints ?? [] },
          { op: "replace", path: "/parameters/rollout", value: String(rollout) },
          ...(next === null ? [] : [{ op: "replace", path: "/constraints", value: next }]),
        ],
        answer,
      }),
    mayWrite: async () => {
      const what = "reading the token's permissions";
      const got = await api({ what, method: "GET", path: "/api/admin/user", answer: userSchema });
      if (isReadFailure(got)) return { mayWrite: null, mayWriteBecause: got.detail };
      const { permissions } = got.value;
      if (permissions.some(({ permission }) => permission === "ADMIN"))
        return { mayWrite: true, mayWriteBecause: "the token is an administrator's" };
      const missing = PERMISSIONS.filter(
        (wanted) =>
          !permissions.some(
            (each) =>
              each.permission === wanted && covers(each.project, project) && covers(each.environment, environment),
          ),
      );
      return missing.length > 0
        ? { mayWrite: false, mayWriteBecause: `the token lacks ${missing.join(" and ")}` }
        : { mayWrite: true, mayWriteBecause: `the token has ${PERMISSIONS.join(" and ")}` };
    },
  };
};
