import type { Arm } from "../../core/cohort.ts";
import type { FoundColumn } from "./analyse.ts";
import type { Effect } from "./effect.ts";

/** One thing that changed: a family of features, in all answers ("") or in one stratum. */
export interface Finding {
  readonly family: string;
  /** What of the family a reader sees, where that moved; else what is least likely by chance. */
  readonly feature: string;
  readonly segment: string;
  readonly direction: Effect["direction"];
  /** The label, value or tail that moved, whose shares `baseline` and `canary` are; null where the feature did as a whole. */
  readonly label: string | null;
  /** Share of the answers, or median of a number, as if both cohorts had the same mix of tasks. */
  readonly baseline: number;
  readonly canary: number;
  readonly effect: number;
  /**
   * `p`: chance of any finding as rare if nothing changed, over everything that was asked; at most `alpha`. `p_alone`: of this
   * one by itself.
   */
  readonly evidence: { readonly p: number; readonly p_alone: number; readonly alpha: number };
  readonly n: Readonly<Record<Arm, number>>;
  /** Other features that changed with it, strongest first: of the family, and what follows it by nature. */
  readonly also: readonly string[];
}

const namesOf = (columns: readonly FoundColumn[]): readonly string[] => [
  ...new Set(columns.map(({ column }) => column.measure.name)),
];

/** So much nearer to impossible, in log p, and it is not the same thing said the other way round. */
const SAME = 0.95;

/** Of two labels that share all answers, the one that was rarer says what happened. */
const rarestOf = (columns: readonly FoundColumn[]): FoundColumn | undefined => {
  const least = Math.min(...columns.map(({ pAlone }) => Math.log(pAlone)));
  const alike = columns.filter(({ pAlone }) => Math.log(pAlone) <= SAME * least);
  return alike.sort((a, b) => a.effect.baseline - b.effect.baseline)[0];
};

/** What a reader sees of the family, else the rarest; of a number the whole before a part of its range. */
const leadOf = (columns: readonly FoundColumn[]): FoundColumn | null => {
  const first = columns.find(({ column }) => column.measure.isSeen === true) ?? columns[0];
  if (first === undefined) return null;
  const { name } = first.column.measure;
  const own = columns.filter(({ column }) => column.measure.name === name);
  return own.find(({ column }) => column.event === null) ?? rarestOf(own) ?? first;
};

const findingOf = (columns: readonly FoundColumn[], followers: readonly FoundColumn[], alpha: number): Finding | [] => {
  const strongest = leadOf(columns);
  if (strongest === null) return [];
  const { column, segment, effect, p, pAlone, n } = strongest;
  const { direction, label, baseline, canary, size } = effect;
  const { name, family } = column.measure;
  return {
    ...{ family, feature: name, segment, direction, label, baseline, canary, effect: size },
    evidence: { p, p_alone: pAlone, alpha },
    ...{ n, also: namesOf([...columns, ...followers]).filter((each) => each !== name) },
  };
};

type Families = ReadonlyMap<string, readonly FoundColumn[]>;

const byFamily = (found: readonly FoundColumn[]): Families => {
  const families = new Map<string, FoundColumn[]>();
  for (const each of found) {
    const { family } = each.column.measure;
    families.set(family, [...(families.get(family) ?? []), each]);
  }
  return families;
};

/** Seen in all answers together is the plainer statement; a single stratum is named where only it shows. */
const inOneScope = (columns: readonly FoundColumn[]): readonly FoundColumn[] => {
  const all = columns.filter(({ segment }) => segment === "");
  return all.length > 0 ? all : columns.filter(({ segment }) => segment === columns[0]?.segment);
};

const directionOf = (columns: readonly FoundColumn[] = []): Effect["direction"] | null =>
  leadOf(columns)?.effect.direction ?? null;

/** What moved only because the family it follows did, the same way. */
const followersOf = (families: Families, leader: string): readonly FoundColumn[] => {
  const direction = directionOf(families.get(leader));
  if (direction === null) return [];
  return [...families.values()]
    .flat()
    .filter(({ column, effect }) => column.measure.follows === leader && effect.direction === direction);
};

/** One finding a family, rarest first; what only follows another family is told with that one. */
export const findingsOf = (found: readonly FoundColumn[], alpha: number): readonly Finding[] => {
  const families: Families = new Map([...byFamily(found)].map(([family, columns]) => [family, inOneScope(columns)]));
  const following = new Map([...families.keys()].map((family) => [family, followersOf(families, family)]));
  const told = new Set([...following.values()].flat());
  return [...families]
    .flatMap(([family, columns]) => {
      const own = columns.filter((each) => !told.has(each));
      return findingOf(own, following.get(family) ?? [], alpha);
    })
    .sort((a, b) => a.evidence.p - b.evidence.p || a.evidence.p_alone - b.evidence.p_alone);
};
