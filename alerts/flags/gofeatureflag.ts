import { isMap } from "yaml";
import { z } from "zod";
import { printableLine } from "../../core/printable.ts";
import { clamp } from "../clamp.ts";
import { armOfValue } from "./arm-of-value.ts";
import { createFileTarget, type FileFlag, type FileFormat, type FileParts } from "./file-target.ts";
import type { FlagCapabilities, FlagTarget } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetType } from "./flag-target-type.ts";
import {
  entriesOf,
  entryEdit,
  type FlagText,
  type Place,
  plainOf,
  rootOf,
  scalarEdit,
  scalarOf,
  type TextEdit,
  under,
} from "./flag-text.ts";
import { propagationSchema } from "./vendor-keys.ts";

/** Configuration of a file of GO Feature Flag's flags. */
export interface GoFeatureFlagConfig extends FlagTargetConfig {
  readonly type: "gofeatureflag";
  /** YAML or JSON; relative to the folder of leeway.yaml. */
  readonly file: string;
  /** How long apps take to see a flip, ms; left out = 62 s, for a relay that looks at the file every 60 s. */
  readonly propagation?: number | undefined;
}

const CAPABILITIES: FlagCapabilities = {
  kill: true,
  segments: false,
  guards: true,
  shareStep: 0.000_01,
  propagationMs: 62_000,
  pollMs: 0,
};

type Arm = "baseline" | "canary" | null;

interface Variation {
  readonly name: string;
  readonly text: string;
  readonly arm: Arm;
}

/** A rule's percentages, where they are plain numbers. */
interface Percentages {
  readonly place: Place;
  readonly numbers: ReadonlyMap<string, number>;
}

/** One rule of a flag: what it can give. */
interface Rule {
  readonly name: string;
  readonly variation: unknown;
  readonly percentages: Percentages | null;
  /** What it gives is computed, or changes by itself. */
  readonly isUnclear: boolean;
}

/** Where the candidate's share is, or why there is none that can be set. */
interface Rollout {
  readonly share: number | null;
  readonly why: string;
  readonly carrier: Percentages | null;
}

const variationsOf = (source: FlagText, flag: Place, values: Parameters<FileFormat["find"]>[2]): readonly Variation[] =>
  entriesOf(source, under(source, flag, "variations")).map(([name, place]) => {
    const value = plainOf(source, place);
    const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
    return { name, text: clamp(printableLine(text), 200), arm: armOfValue({ name, value }, values) };
  });

const ruleOf = (source: FlagText, place: Place, name: string): Rule => {
  const percentage = under(source, place, "percentage");
  const entries = entriesOf(source, percentage).map(([key, value]) => [key, scalarOf(value)] as const);
  const numbers = entries.flatMap(([key, value]) =>
    typeof value === "number" && value >= 0 ? [[key, value] as const] : [],
  );
  const isComputed = numbers.length !== entries.length || under(source, place, "progressiveRollout").node !== undefined;
  return {
    name,
    variation: scalarOf(under(source, place, "variation")),
    percentages: isMap(percentage.node) ? { place: percentage, numbers: new Map(numbers) } : null,
    isUnclear: isComputed || under(source, place, "<<").node !== undefined,
  };
};

/** The rules in force; the default one last. */
const rulesOf = (source: FlagText, flag: Place): readonly Rule[] => [
  ...entriesOf(source, under(source, flag, "targeting"))
    .filter(([, place]) => scalarOf(under(source, place, "disable")) !== true)
    .map(([at, place]) => ruleOf(source, place, String(scalarOf(under(source, place, "name")) ?? `number ${at}`))),
  ruleOf(source, under(source, flag, "defaultRule"), "defaultRule"),
];

const unknown = (why: string): Rollout => ({ share: null, why, carrier: null });

const rolloutOf = (source: FlagText, flag: Place, variations: readonly Variation[]): Rollout => {
  const armOf = (name: unknown): Arm => variations.find((each) => each.name === name)?.arm ?? null;
  if (under(source, flag, "scheduledRollout").node !== undefined)
    return unknown("its scheduledRollout changes it at times of its own; remove it, or end it first");
  if (under(source, flag, "<<").node !== undefined) return unknown("a part of it is merged in; write it out");
  const rules = rulesOf(source, flag);
  const unclear = rules.find(({ isUnclear }) => isUnclear);
  if (unclear !== undefined)
    return unknown(`what rule ${JSON.stringify(clamp(printableLine(unclear.name), 60))} gives is not known`);
  if (
    rules.some(({ variation, percentages }) => (percentages?.numbers.size ?? 0) === 0 && armOf(variation) === "canary")
  )
    return unknown("a rule gives the candidate to all it is for; leave it to percentages");
  const dealing = rules.flatMap(({ percentages }) =>
    percentages !== null && [...percentages.numbers.keys()].some((name) => armOf(name) === "canary")
      ? [percentages]
      : [],
  );
  const [carrier, second] = dealing;
  const isNobodys = rules.some(({ variation, percentages }) =>
    percentages === null || percentages.numbers.size === 0
      ? variation !== undefined && armOf(variation) === null
      : [...percentages.numbers].some(([name, part]) => part > 0 && armOf(name) === null),
  );
  if (carrier === undefined && isNobodys)
    return unknown(
      "a variation is served that is neither arm's: it may be the candidate's, whose value has to be its model",
    );
  if (carrier === undefined)
    return { share: 0, why: "no percentage has the candidate; add one with both", carrier: null };
  if (second !== undefined) return unknown("the percentages of several rules have the candidate; leave it to one");
  const sumOf = (arm: Arm | "all"): number =>
    [...carrier.numbers].reduce((sum, [name, part]) => sum + (arm === "all" || armOf(name) === arm ? part : 0), 0);
  const total = sumOf("all");
  const isPair = ["canary", "baseline"].every(
    (arm) => [...carrier.numbers.keys()].filter((name) => armOf(name) === arm).length === 1,
  );
  return {
    share: total === 0 ? 0 : sumOf("canary") / total,
    why: isPair ? "" : "the percentage needs one entry of the candidate and one of the baseline",
    carrier: isPair ? carrier : null,
  };
};

const giveOf =
  (source: FlagText, { carrier }: Rollout, variations: readonly Variation[]): FileFlag["give"] =>
  (share) => {
    if (carrier === null) return null;
    const nameOf = (arm: Arm): string =>
      variations.find((each) => each.arm === arm && carrier.numbers.has(each.name))?.name ?? "";
    const [canary, baseline] = [nameOf("canary"), nameOf("baseline")];
    const total = [...carrier.numbers.values()].reduce((sum, part) => sum + part, 0) || 100;
    const both =
      total -
      [...carrier.numbers].reduce((sum, [name, part]) => sum + (name === canary || name === baseline ? 0 : part), 0);
    // GO Feature Flag takes thousandths of a percent
    const wanted = Math.round(share * total * 1000) / 1000;
    if (Math.abs(wanted / total - share) > 1e-9 || wanted > both) return null;
    const edits = [
      scalarEdit(source, under(source, carrier.place, canary), wanted),
      scalarEdit(source, under(source, carrier.place, baseline), Math.round((both - wanted) * 1000) / 1000),
    ];
    return edits.some((edit) => edit === null)
      ? null
      : edits.flatMap((edit): TextEdit[] => (edit === null ? [] : [edit]));
  };

const enableOf =
  (source: FlagText, flag: Place): FileFlag["enable"] =>
  (on) => {
    const place = under(source, flag, "disable");
    const edit =
      place.node === undefined ? entryEdit(source, flag, "disable", String(!on)) : scalarEdit(source, place, !on);
    return edit === null ? null : [edit];
  };

const find: FileFormat["find"] = (source, name, values): FileFlag | null => {
  const flag = under(source, rootOf(source), name);
  if (!isMap(flag.node)) return null;
  const variations = variationsOf(source, flag, values);
  const rollout = rolloutOf(source, flag, variations);
  const hasSchedule = under(source, flag, "scheduledRollout").node !== undefined;
  return {
    // a step of a schedule can enable what is disabled
    isEnabled: scalarOf(under(source, flag, "disable")) !== true || hasSchedule,
    ...rollout,
    decides: plainOf(source, flag),
    variants: variations.flatMap(({ arm, name: variant, text }) =>
      arm === null ? [] : [{ arm, name: variant, value: text }],
    ),
    facts: under(source, flag, "experimentation").node === undefined ? [] : [["Experimentation", "limited in time"]],
    enable: enableOf(source, flag),
    give: giveOf(source, rollout, variations),
  };
};

/**
 * Flags in a file that GO Feature Flag reads. Off is `disable: true`, a share two numbers of the `percentage` that has the
 * candidate; comments, order, anchors and everything else stay byte for byte.
 */
export const createGoFeatureFlagTarget = (
  { name, file, propagation }: GoFeatureFlagConfig & { readonly name: string },
  parts: FileParts = {},
): FlagTarget =>
  createFileTarget(
    { name, file },
    { find, capabilities: { ...CAPABILITIES, propagationMs: propagation ?? CAPABILITIES.propagationMs } },
    parts,
  );

/** The flag target type `gofeatureflag`. */
export const goFeatureFlag: FlagTargetType<GoFeatureFlagConfig> = {
  type: "gofeatureflag",
  formerTypes: [],
  files: ["file"],
  capabilities: CAPABILITIES,
  schema: z.strictObject({ type: z.literal("gofeatureflag"), file: z.string().min(1), propagation: propagationSchema }),
  create: (name, config) => createGoFeatureFlagTarget({ ...config, name }),
};
