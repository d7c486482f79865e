import { createHash } from "node:crypto";
import { z } from "zod";
import { printableLine } from "../../core/printable.ts";
import { clamp } from "../clamp.ts";
import type { FlagReading } from "./vendor-flag.ts";

/** One rule of a gate. What its conditions are is kept as it is, since a write has to repeat them. */
export interface StatsigRule {
  readonly id: string;
  readonly baseID?: string | undefined;
  readonly name: string;
  /** Percent of those whom the conditions match. */
  readonly passPercentage: number;
  readonly conditions: readonly { readonly type: string }[];
  /** Null: all of them. */
  readonly environments?: readonly string[] | null | undefined;
  readonly pendingAutomatedRollouts?: readonly unknown[] | null | undefined;
}

/** A gate as the Console API shows it. */
export interface StatsigGate {
  readonly isEnabled: boolean;
  readonly status: string;
  readonly lastModifiedTime: number;
  readonly holdoutIDs: readonly string[];
  readonly rules: readonly StatsigRule[];
}

/** Who passes a gate whatever its rules say. */
export interface StatsigOverrides {
  readonly passingUserIDs: readonly string[];
  readonly passingCustomIDs: readonly string[];
  readonly environmentOverrides: readonly {
    readonly environment: string | null;
    readonly passingIDs: readonly string[];
  }[];
}

/** Schema of what is read of a gate. */
export const statsigGateSchema: z.ZodType<StatsigGate> = z.object({
  isEnabled: z.boolean(),
  status: z.string().default(""),
  lastModifiedTime: z.number().default(0),
  holdoutIDs: z.array(z.string()).default([]),
  rules: z.array(
    z.object({
      id: z.string(),
      baseID: z.string().optional(),
      name: z.string(),
      passPercentage: z.number().min(0).max(100),
      conditions: z.array(z.looseObject({ type: z.string() })),
      environments: z.array(z.string()).nullish(),
      pendingAutomatedRollouts: z.array(z.unknown()).nullish(),
    }),
  ),
});

const ids = z.array(z.string()).default([]);

/** Schema of a gate's overrides. */
export const statsigOverridesSchema: z.ZodType<StatsigOverrides> = z.object({
  passingUserIDs: ids,
  passingCustomIDs: ids,
  environmentOverrides: z.array(z.object({ environment: z.string().nullable(), passingIDs: ids })).default([]),
});

/** A gate in one environment, understood. */
export interface UnderstoodGate {
  readonly gate: StatsigGate;
  readonly serving: readonly StatsigRule[];
  /** The rule whose pass percentage is the share; null = none is for everybody. */
  readonly carrier: StatsigRule | null;
  /** Why its share could not be told if the gate was on; empty when it could. */
  readonly unknownWhenOn: string;
  readonly reading: FlagReading;
}

const named = ({ name }: StatsigRule): string => `rule ${clamp(printableLine(name), 60)}`;

/** True for a rule that raises its share by itself, at times that were planned. */
export const isPlanned = ({ pendingAutomatedRollouts }: StatsigRule): boolean =>
  (pendingAutomatedRollouts ?? []).length > 0;

const isForEverybody = ({ conditions }: StatsigRule): boolean => conditions.every(({ type }) => type === "public");

const passesSomebody = (
  { passingUserIDs, passingCustomIDs, environmentOverrides }: StatsigOverrides,
  name: string,
): boolean => {
  const own = environmentOverrides.filter(({ environment }) => environment === null || environment === name);
  return [passingUserIDs, passingCustomIDs, ...own.map(({ passingIDs }) => passingIDs)].some((each) => each.length > 0);
};

const unknownRules = ({ status }: StatsigGate, serving: readonly StatsigRule[]): string => {
  if (status === "Launched")
    return "it is launched, and what that serves is not said by its rules; take it back to in progress";
  return serving.length > 1 ? `${serving.map(named).join(" and ")} pass users; leave it to one of them` : "";
};

/** The gate in the environment `name`: who passes it is given the candidate. */
export const understandStatsig = (gate: StatsigGate, overrides: StatsigOverrides, name: string): UnderstoodGate => {
  const rules = gate.rules.filter(
    ({ environments }) => (environments ?? []).length === 0 || environments?.includes(name),
  );
  const serving = rules.filter(({ passPercentage }) => passPercentage > 0);
  const open = rules.filter(isForEverybody);
  const carrier = serving.length === 1 ? serving[0] : serving.length === 0 && open.length === 1 ? open[0] : undefined;
  // documented to count before anything else: whether a gate that is off ends them is not said, and so not believed
  const overridden = passesSomebody(overrides, name)
    ? "overrides pass single ids whatever its rules say; remove them"
    : "";
  const unknownWhenOn = overridden || unknownRules(gate, serving);
  const unknownBecause = gate.isEnabled ? unknownWhenOn : overridden;
  const percent = carrier?.passPercentage ?? 0;
  const problems = [
    carrier === undefined && serving.length === 0
      ? "no single rule is for everybody in this environment: add one, at 0%"
      : "",
    carrier !== undefined && isPlanned(carrier)
      ? `${named(carrier)} is raised by a planned rollout of its own: end that`
      : "",
    gate.isEnabled || unknownBecause !== "" ? "" : unknownWhenOn,
    gate.status === "Archived" ? "it is archived: restore it" : "",
  ].filter((problem) => problem !== "");
  const digest = createHash("sha256")
    .update(JSON.stringify([gate, overrides]))
    .digest("hex")
    .slice(0, 8);
  const reading: FlagReading = {
    share: unknownBecause === "" ? (gate.isEnabled ? Math.round(percent * 100) / 10_000 : 0) : null,
    unknownBecause,
    revision: `${gate.lastModifiedTime}.${digest}`,
    variants: [
      { arm: "canary", name: "pass", value: null },
      { arm: "baseline", name: "fail", value: null },
    ],
    facts: [
      ["environment", name],
      ["gate", `${gate.isEnabled ? "on" : "off"}, ${clamp(printableLine(gate.status), 40) || "without a status"}`],
      ["share", carrier === undefined ? "nothing carries it" : `pass percentage of ${named(carrier)}`],
      ["holdouts", String(gate.holdoutIDs.length)],
    ],
    problems,
  };
  return { gate, serving, carrier: carrier ?? null, unknownWhenOn, reading };
};
