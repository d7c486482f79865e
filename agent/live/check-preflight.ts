import { daysUntil } from "../../core/days-until.ts";
import { lengthText } from "../../core/length-text.ts";
import type { Migration } from "../../core/migration.ts";
import { PREFLIGHT_CHECKS, type PreflightName } from "../../lifecycle/preflight.ts";
import type { Config } from "../config/load-config.ts";
import { periodOf } from "../monitors/sentinel/sentinel-detector.ts";
import { retirementOf } from "../record-retirements.ts";
import type { LiveLine } from "./live-line.ts";

type Said = Pick<LiveLine, "state" | "text">;
type Parts = Pick<Config, "findLife"> & {
  readonly settings: Pick<Config["settings"], "monitors">;
  readonly now: number;
};

const ofBaseline = ({ baseline }: Migration, { findLife, now }: Parts): Said => {
  const { model } = baseline;
  const retirement = retirementOf(findLife, baseline);
  if (retirement === null) return { state: "ok", text: `no table says that the baseline ${model} is retired` };
  const { retires, source } = retirement;
  const daysLeft = daysUntil(retires, now);
  return daysLeft <= 0
    ? {
        state: "wrong",
        text: `the baseline ${model} is retired since ${retires} (${source}): no stage begins or ends by itself; name its own day in agent.models, or another baseline`,
      }
    : { state: "ok", text: `the baseline ${model} is retired in ${daysLeft} days, on ${retires} (${source})` };
};

const ofSentinel = ({ baseline: { model } }: Migration, { settings: { monitors } }: Parts): Said => {
  const asking = monitors.flatMap(({ name, sentinel }) =>
    sentinel?.model === model ? [`sentinel ${name} asks it every ${lengthText(periodOf(sentinel))}`] : [],
  );
  return asking.length > 0
    ? { state: "ok", text: asking.join(", ") }
    : {
        state: "unused",
        text: `no sentinel asks the baseline ${model}, so that nobody knows whether it answers where it is not called`,
      };
};

/** What is known without the agent: the flag has a line of its own; null = the agent alone knows, from the calls and its ledger. */
const KNOWN: Readonly<Record<PreflightName, ((migration: Migration, parts: Parts) => Said) | "told" | null>> = {
  flag: "told",
  baseline: ofBaseline,
  sentinel: ofSentinel,
  spans: null,
  segments: null,
  signals: null,
  drill: null,
};

const linesOf = (migration: Migration, parts: Parts): readonly LiveLine[] => {
  const asked = PREFLIGHT_CHECKS.filter((check) => migration.preflightSkips?.includes(check) !== true);
  const place = (what: string): string => `before ${migration.name} advances, ${what}`;
  const known = asked.flatMap((check): readonly LiveLine[] => {
    const look = KNOWN[check];
    return typeof look === "function" ? [{ place: place(check), ...look(migration, parts) }] : [];
  });
  const others = asked.filter((check) => KNOWN[check] === null);
  const text = "the running agent looks, and leeway status says what it found";
  return others.length === 0 ? known : [...known, { place: place(others.join(", ")), state: "unused", text }];
};

/** The checks of the pre-flight that can be made without the agent, a line each, and what it alone can look at. Pure. */
export const checkPreflight = (migrations: readonly Migration[], parts: Parts): readonly LiveLine[] =>
  migrations.flatMap((migration) => linesOf(migration, parts));
