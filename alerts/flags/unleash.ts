import { createHash } from "node:crypto";
import { z } from "zod";
import { type Exposure, sameAudience } from "../../core/audience.ts";
import type { FlagState, FlagWrite } from "../../core/flag.ts";
import type { Route } from "../../core/migration.ts";
import { exactPercent } from "../../core/percent.ts";
import { urlSchema } from "../channels/url-schema.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import {
  type FlagCapabilities,
  type FlagReadFailure,
  type FlagReport,
  type FlagTarget,
  flagFailure,
  isReadFailure,
  type RoutedFlag,
  sameExposure,
} from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetParts, FlagTargetType } from "./flag-target-type.ts";
import { audienceFacts } from "./plain-audience.ts";
import { createRaises, OVERTAKEN } from "./raises.ts";
import { createUnleashApi, type UnleashApi, type UnleashPlace } from "./unleash-api.ts";
import { constraintsFor, unleashAudienceProblem } from "./unleash-audience.ts";
import {
  armVariants,
  type Carrier,
  type CarrierFound,
  findCarrier,
  strategyName,
  type UnleashEnvironment,
  type UnleashFeature,
} from "./unleash-strategies.ts";
import { propagationSchema, tokenSchema, vendorNameSchema } from "./vendor-keys.ts";

/** Configuration of a project and environment of Unleash. */
export interface UnleashConfig extends FlagTargetConfig, UnleashPlace {
  readonly type: "unleash";
  /** How long apps take to see a flip, ms; left out = 17 s, for SDKs that look every 15 s. */
  readonly propagation?: number | undefined;
}

const CAPABILITIES: FlagCapabilities = {
  kill: true,
  segments: true,
  cannotServe: unleashAudienceProblem,
  guards: true,
  shareStep: 0.01,
  propagationMs: 17_000,
  pollMs: 5_000,
};

/** The flag as one look found it. */
interface Look {
  readonly feature: UnleashFeature;
  readonly environment: UnleashEnvironment;
  readonly found: CarrierFound;
  /** Unleash counts no versions: it is made of everything that decides who gets what. */
  readonly revision: string;
}

const revisionOf = ({ dependencies }: UnleashFeature, { enabled, strategies, variants }: UnleashEnvironment): string =>
  createHash("sha256")
    .update(JSON.stringify([enabled, strategies, variants ?? [], dependencies ?? []]))
    .digest("hex")
    .slice(0, 16);

/** What it serves; a failure where that is not known. A flag that is off serves nothing, whatever its strategies say. */
const stateOf = ({ feature, environment, found, revision }: Look): FlagState | FlagReadFailure => {
  const off = { flag: feature.name, share: 0, enabled: false, revision };
  if (!environment.enabled) return off;
  if ("why" in found) return flagFailure("permanent", `the share is not known: ${found.why}`);
  const { rollout, weight, audience } = found.carrier;
  const share = (rollout / 100) * weight;
  return { ...off, share, enabled: true, ...(audience === null || share === 0 ? {} : { audience }) };
};

const lookAt = async (api: UnleashApi, name: string, values: VariantValues): Promise<Look | FlagReadFailure> => {
  const answer = await api.feature();
  if (isReadFailure(answer)) return answer;
  const environment = answer.environments.find((each) => each.name === name);
  if (environment === undefined)
    return flagFailure("not-found", "reading the flag: it is not in the environment configured");
  return {
    feature: answer,
    environment,
    found: findCarrier(answer, environment, values),
    revision: revisionOf(answer, environment),
  };
};

/** The rollout that serves `share`, in whole percent; null where none does. */
const rolloutFor = (share: number, { weight }: Carrier): number | null => {
  const percent = (share / weight) * 100;
  const whole = Math.round(percent);
  return whole <= 100 && Math.abs(percent - whole) < 1e-6 ? whole : null;
};

const unservable = (share: number, { strategy, weight }: Carrier): FlagReadFailure => {
  const whole = weight === 1 ? "whole percents" : `whole percents of ${exactPercent(weight)}, the candidate's weight`;
  return flagFailure(
    "permanent",
    `a share of ${exactPercent(share)} cannot be served: strategy ${strategyName(strategy)} has ${whole}`,
  );
};

/** A flag of one environment: what routes a migration. */
const bindFlag = (config: UnleashConfig, parts: UnleashParts, route: Route, values: VariantValues): RoutedFlag => {
  const timeoutMs = parts.timeoutMs ?? 5_000;
  const api = createUnleashApi(config, route.flag, { now: parts.now, timeoutMs });
  /** A flag that has to go off is not kept on by a look that hangs. */
  const hasty = createUnleashApi(config, route.flag, { now: parts.now, timeoutMs: timeoutMs / 4 });
  const raises = createRaises();
  const look = (by = api): Promise<Look | FlagReadFailure> => lookAt(by, config.environment, values);

  const read = async (): Promise<FlagState | FlagReadFailure> => {
    const seen = await look();
    return isReadFailure(seen) ? seen : stateOf(seen);
  };

  /** What Unleash says after a write: it takes any value, and says 200. */
  const readBack = async (): Promise<FlagWrite> => {
    const state = await read();
    return isReadFailure(state)
      ? { ...state, detail: `written, but it could not be read back: ${state.detail}`.slice(0, 300) }
      : { outcome: "written", state };
  };

  const switchOn = async (): Promise<FlagWrite> => (await api.toggle("on")) ?? readBack();

  /** What was answered, and no look: whoever switches off reads back anyway, and nobody should wait for it twice. */
  const switchOff = async ({ feature, environment }: Look): Promise<FlagWrite> => {
    const problem = await api.toggle("off");
    if (problem !== null) return problem;
    const revision = revisionOf(feature, { ...environment, enabled: false });
    return { outcome: "written", state: { flag: feature.name, share: 0, enabled: false, revision } };
  };

  const switchOffUnseen = async (): Promise<FlagWrite> => (await api.toggle("off")) ?? readBack();

  const off = async (guard: { readonly revision: string } | null, again: boolean): Promise<FlagWrite> => {
    const seen = await look(guard === null ? hasty : api);
    if (isReadFailure(seen)) return guard === null ? switchOffUnseen() : seen;
    const state = stateOf(seen);
    if (!again && !isReadFailure(state) && state.share === 0) return { outcome: "unchanged", state };
    return changedSince(seen, guard) ?? switchOff(seen);
  };

  const serve = async (
    { share, audience = null }: Exposure,
    guard: { readonly revision: string } | null,
    mayGoOn: () => boolean,
  ): Promise<FlagWrite> => {
    const whom = audience === null ? "" : unleashAudienceProblem(audience);
    if (whom !== "") return flagFailure("permanent", `the share cannot be served: Unleash ${whom}`);
    const seen = await look();
    if (isReadFailure(seen)) return seen;
    if ("why" in seen.found) return flagFailure("permanent", `the flag cannot carry a share: ${seen.found.why}`);
    const { carrier } = seen.found;
    const state = stateOf(seen);
    if (!isReadFailure(state) && sameExposure(state, { share, audience })) return { outcome: "unchanged", state };
    const rollout = rolloutFor(share, carrier);
    if (rollout === null) return unservable(share, carrier);
    const changed = changedSince(seen, guard);
    if (changed !== null) return changed;
    if (!mayGoOn()) return OVERTAKEN;
    const isThere = rollout === carrier.rollout && sameAudience(audience, carrier.audience);
    const constraints = sameAudience(audience, carrier.audience) ? null : constraintsFor(audience);
    const problem = isThere ? null : await api.setRollout(carrier.strategy, rollout, constraints);
    if (problem !== null) return problem;
    if (seen.environment.enabled) return readBack();
    return mayGoOn() ? switchOn() : OVERTAKEN;
  };

  const inspect = async (): Promise<FlagReport | FlagReadFailure> => {
    const seen = await look();
    if (isReadFailure(seen)) return seen;
    const state = stateOf(seen);
    if (isReadFailure(state)) return state;
    return {
      state,
      variants: armVariants(seen.environment, values),
      ...(await api.mayWrite()),
      facts: factsOf(config, seen),
      problems: "why" in seen.found ? [seen.found.why] : [],
    };
  };

  return {
    ...route,
    capabilities: { ...CAPABILITIES, propagationMs: config.propagation ?? CAPABILITIES.propagationMs },
    read,
    setShare: async (share, guard, again = false, audience = null) => {
      if (!(share >= 0 && share <= 1)) return flagFailure("permanent", `share ${share} is not between 0 and 1`);
      const mayGoOn = raises.begin(share);
      return share === 0 ? off(guard, again) : serve({ share, audience }, guard, mayGoOn);
    },
    inspect,
  };
};

const changedSince = ({ revision }: Look, guard: { readonly revision: string } | null): FlagReadFailure | null =>
  guard === null || guard.revision === revision ? null : flagFailure("conflict", "the flag was changed in between");

const factsOf = ({ project }: UnleashConfig, { feature, environment, found }: Look): FlagReport["facts"] => [
  ["Project", project],
  ["Environment", `${environment.name}, ${environment.enabled ? "on" : "off"}`],
  ...("why" in found
    ? []
    : ([
        ["Strategy", `${strategyName(found.carrier.strategy)}, rollout ${found.carrier.rollout}%`],
        ["Sticky by", found.carrier.stickiness.slice(0, 60)],
      ] as const)),
  ...("why" in found ? [] : audienceFacts(found.carrier.audience)),
  ...(feature.stale === true ? ([["Marked", "stale"]] as const) : []),
];

/** What the target needs; `timeoutMs` is the longest wait for one answer, 5 s by default. */
type UnleashParts = Pick<FlagTargetParts, "now"> & { readonly timeoutMs?: number };

/**
 * Flags of one project and environment of Unleash. Off is the environment's switch, which leaves strategies and variants as
 * they are; a share is the rollout of the one gradual rollout that serves the candidate, and whom it is for that strategy's
 * constraints, where nobody else wrote any; both written as a JSON Patch that Unleash refuses when that strategy is another one by
 * now. Nothing else is ever written.
 */
export const createUnleashTarget = (
  { name, ...config }: UnleashConfig & { readonly name: string },
  parts: UnleashParts,
): FlagTarget => ({
  name,
  bind: (route, values) => bindFlag(config, parts, route, values),
  problem: () => "",
  close: async () => undefined,
});

/** The flag target type `unleash`. */
export const unleash: FlagTargetType<UnleashConfig> = {
  type: "unleash",
  formerTypes: [],
  files: [],
  capabilities: CAPABILITIES,
  schema: z.strictObject({
    type: z.literal("unleash"),
    url: urlSchema.transform((url) => url.replace(/\/+$/, "")),
    token: tokenSchema,
    project: vendorNameSchema.default("default"),
    environment: vendorNameSchema,
    propagation: propagationSchema,
  }),
  create: (name, config, { now }) => createUnleashTarget({ ...config, name }, { now }),
};
