import type { Arm } from "../../core/cohort.ts";
import type { Attribution, Cause } from "../../core/finding.ts";
import type { Migration, ModelConfiguration } from "../../core/migration.ts";
import type { ArmPair } from "../tick-view.ts";

/** Weight of the past halves in a day, so that a change made under way is blamed within one. */
const HOURLY_DECAY = 2 ** (-1 / 24);
/** A value that most calls of one arm carry, and few of the other. */
const MOST = 0.5;
const FEW = 0.25;

/** What calls are made with, per arm. */
export interface SetupWatch {
  /** `changed`: arms whose history begins anew; what their calls were made with before is forgotten. */
  readonly step: (pair: ArmPair, hour: number, changed: readonly Arm[]) => void;
  readonly attribution: () => Attribution;
}

interface ArmSetup {
  calls: number;
  readonly labels: Map<string, number>;
}

const addTo = (setup: ArmSetup, { n, bins }: ArmPair[Arm]): void => {
  setup.calls += n;
  for (const label in bins) setup.labels.set(label, (setup.labels.get(label) ?? 0) + (bins[label] ?? 0));
};

/** What has faded out is forgotten: prompts and models of last week. */
const FORGOTTEN = 0.5;

const forget = (setup: ArmSetup): void => {
  setup.calls = 0;
  setup.labels.clear();
};

const decay = (setup: ArmSetup): void => {
  setup.calls *= HOURLY_DECAY;
  for (const [label, count] of setup.labels) {
    if (count * HOURLY_DECAY < FORGOTTEN) setup.labels.delete(label);
    else setup.labels.set(label, count * HOURLY_DECAY);
  }
};

const shareOf = ({ calls, labels }: ArmSetup, label: string): number =>
  calls === 0 ? 0 : (labels.get(label) ?? 0) / calls;

/** The value of `name` that most calls carry; "" where none does, or most do not tell. */
const dominant = (setup: ArmSetup, name: string): string => {
  const own = [...setup.labels.keys()].filter((label) => label.startsWith(`${name}=`));
  const most = own.find((label) => shareOf(setup, label) >= MOST);
  return most === undefined ? "" : most.slice(name.length + 1);
};

type Difference = Attribution["differences"][number];

/** The order in which they are named: what people control first. */
const CAUSES: readonly Cause[] = ["prompt", "model", "parameters", "tools"];

const promptOf = ({ prompt }: ModelConfiguration): string =>
  prompt === null ? "" : `${prompt.name}@${prompt.version}`;

/** A watch of what calls are made with. What spans do not tell is taken from the migration document. */
export const createSetupWatch = ({ baseline, candidate }: Pick<Migration, "baseline" | "candidate">): SetupWatch => {
  const arms: Readonly<Record<Arm, ArmSetup>> = {
    canary: { calls: 0, labels: new Map() },
    baseline: { calls: 0, labels: new Map() },
  };
  let now = 0;

  /** Most calls of each arm carry another value: a value that both carry often is a change of nothing. */
  const seen = (what: Cause, name: string): Difference | null => {
    const [before, after] = [dominant(arms.baseline, name), dominant(arms.canary, name)];
    if (before === after || (before === "" && after === "")) return null;
    const crosses = (setup: ArmSetup, value: string): boolean =>
      value !== "" && shareOf(setup, `${name}=${value}`) >= FEW;
    return crosses(arms.canary, before) || crosses(arms.baseline, after)
      ? null
      : { what, baseline: before, canary: after };
  };
  const isKnown = (name: string): boolean => dominant(arms.baseline, name) !== "" && dominant(arms.canary, name) !== "";
  const declared = (what: Cause, before: string, after: string): Difference | null =>
    before !== "" && after !== "" && before !== after ? { what, baseline: before, canary: after } : null;

  /** The model that answered says more than the name that was asked for: an alias may point to the same one. */
  const ofModel = (): Difference | null => {
    const name = ["model", "requested_model"].find(isKnown);
    return name === undefined ? declared("model", baseline.model, candidate.model) : seen("model", name);
  };
  const ofPrompt = (): Difference | null =>
    isKnown("prompt") ? seen("prompt", "prompt") : declared("prompt", promptOf(baseline), promptOf(candidate));

  const differences = (): readonly Difference[] => {
    const found = [ofPrompt(), ofModel(), seen("parameters", "parameters"), seen("tools", "tools")];
    return found.filter((difference) => difference !== null);
  };

  return {
    step: (pair, hour, changed) => {
      for (const arm of changed) forget(arms[arm]);
      if (hour !== now) for (const arm of [arms.canary, arms.baseline]) decay(arm);
      now = hour;
      for (const arm of ["canary", "baseline"] as const) addTo(arms[arm], pair[arm]);
    },
    attribution: () => {
      const found = differences();
      const changed = CAUSES.filter((cause) => found.some(({ what }) => what === cause));
      return { changed, text: changed.length === 0 ? "unknown" : changed.join(" and "), differences: found };
    },
  };
};
