import type { MigrationState } from "./state.ts";
import { overTopic } from "./watched.ts";

/** Topics of troubles that come and go, which are told when they are over: while one is, it is an incident. */
const COMES_AND_GOES = /:\d+$/;

const isOpenTrouble = (topic: string, { pagedFor }: MigrationState): boolean =>
  WATCHED.some((key) => topic.startsWith(`${key}:`)) &&
  COMES_AND_GOES.test(topic) &&
  !pagedFor.includes(overTopic(topic));

/** The keys of the watches over what Leeway itself rests on. */
const WATCHED: readonly string[] = ["blind", "flag-unreachable", "calls-stopped", "rules-unseen"];

/**
 * Why no drill may begin, in words for the person; null when one may. A drill is for quiet times: not while people are called for
 * something that nobody has acknowledged, that paused the ramp or that still lasts. A pause by a person, and a page that
 * somebody has seen, leave the way back as it is; so does a stage that does not end, for which it may be what is waited for.
 */
export const drillRefusal = (state: MigrationState): string | null => {
  const { hash, abandoned, rollback, drill, call, isPaused, pagedFor, unrestored } = state;
  if (hash === null) return "the migration has not started yet; try again in a moment";
  if (abandoned !== null) return `${abandoned.by} abandoned it: there is nothing to drill`;
  if (rollback !== null) return "it is rolled back: there is nothing to drill";
  if (unrestored.length > 0)
    return "a fallback that the last rollback switched off is not restored yet; leeway status says why";
  if (drill !== null && drill.endedAt === null) return "a drill is under way; leeway status shows how it goes on";
  if (drill !== null) return "the share of the last drill is not restored yet; leeway status says why";
  const isIncident = call !== null && call.isHold !== true;
  if (isIncident && call.acknowledged === null)
    return "people are called for something that nobody has acknowledged: leeway ack, or end it, and try again";
  if (isIncident && isPaused) return "a rule paused it, and people are to decide: leeway resume or rollback first";
  if (pagedFor.some((topic) => isOpenTrouble(topic, state)))
    return "what people were paged for still lasts; leeway status says what it is";
  return null;
};

/** True when a drill may begin. */
export const mayDrill = (state: MigrationState): boolean => drillRefusal(state) === null;
