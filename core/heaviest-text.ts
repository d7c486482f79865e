import type { Arm } from "./cohort.ts";
import { countText } from "./count-text.ts";
import { figure } from "./figure.ts";
import { fixedPercent } from "./percent.ts";
import type { Evidence, HeavyCluster } from "./verdict.ts";

/** Digits of the hash that are shown: enough to find somebody again, too few to be a name. */
const SHOWN_DIGITS = 8;

const clusterText = ({ arm, cluster, calls, events }: HeavyCluster): string => {
  const [kind = "", hash = ""] = cluster.split(":");
  const bad = events === null ? "" : `, ${fixedPercent(events)} of its bad events`;
  return `one ${kind} (${hash.slice(0, SHOWN_DIGITS)}): ${fixedPercent(calls)} of the ${arm}'s calls of late${bad}`;
};

/** What somebody heavy has to do with a breach, in a few words with numbers; null where nobody is heavy. */
export const heaviestText = ({ withoutHeaviest, unit = "" }: Evidence): string | null => {
  if (withoutHeaviest === undefined) return null;
  const { removed, agrees, n, value, limit } = withoutHeaviest;
  const who = removed.map(clusterText).join(" and ");
  const valueText = (arm: Arm): string => `${arm} ${figure(value[arm], unit)}`;
  const rest =
    n.canary === 0
      ? "no canary call is left without it"
      : `without it ${valueText("canary")} (${countText(n.canary)} calls), limit ${figure(limit, unit)}, ${valueText("baseline")}`;
  return agrees ? `also without ${who}; ${rest}` : `rests on ${who}; ${rest}`;
};
