import { createHash } from "node:crypto";
import { countText } from "../core/count-text.ts";
import { unreachable } from "../core/exhaustive.ts";
import { figure } from "../core/figure.ts";
import { logEText } from "../core/log-e-text.ts";
import type { Drift, DriftKey, Identity, IdentityChange, MonitorEvent } from "../core/monitor.ts";
import type { Notice, NoticePhase } from "../core/notice.ts";
import { utcMinute } from "../core/utc-text.ts";
import { type Draft, type Facts, finishNotice } from "./notice-draft.ts";

/** What the notices of a monitor need. */
export interface MonitorNoticeContext {
  /** Name of the monitor. */
  readonly monitor: string;
  /** Type of its notices. */
  readonly type: "page" | "drift";
  /** Where to look; empty when none is known. */
  readonly link: string;
}

/** What stands for the migration in the ledger entries and notices of a monitor. */
export const monitorLedgerName = (monitor: string): string => `monitor:${monitor}`;

const IDENTITY: Readonly<Record<Identity, string>> = {
  response_model: "response model",
  system_fingerprint: "fingerprint",
  prompt_version: "prompt version",
};

const minute = (at: number): string => `${utcMinute(at)} UTC`;

/** Series are made of production text; the id needs something short of fixed form. */
const digest = (series: string): string => createHash("sha256").update(series).digest("hex").slice(0, 8);

const subjectOf = ({ series, signal }: Pick<Drift, "series" | "signal">): string =>
  series === "" ? signal : `${signal} (${series})`;

const incidentOf = (monitor: string, { series, signal, direction, since }: DriftKey): string =>
  `monitor:${monitor}/${digest(series)}/${signal}/${direction}/${since}`;

const changeText = ({ identity, before, after, since }: IdentityChange): string =>
  `${IDENTITY[identity]} ${before} became ${after} at ${minute(since)}`;

/** A change of the prompt alone is the team's own; the model is not blamed for it. */
const attribution = (changed: readonly IdentityChange[]): string => {
  if (changed.length === 0) return "Response model, fingerprint and prompt version did not change.";
  const isOwn = changed.every(({ identity }) => identity === "prompt_version");
  return `About then: ${changed.map(changeText).join("; ")}.${isOwn ? " That is a change of your own." : ""}`;
};

const intervalText = ({ interval, unit }: Drift): string =>
  interval === null ? "" : `, 99% interval ${figure(interval.lower, unit)} to ${figure(interval.upper, unit)}`;

const factsOf = (drift: Drift): Facts => {
  const { unit, series, changed } = drift;
  return [
    ["Signal", subjectOf(drift)],
    ["Since", minute(drift.since)],
    ["Seen", `${figure(drift.seen, unit)}${intervalText(drift)}`],
    ["Expected", `${figure(drift.expected, unit)}, no change up to ${figure(drift.limit, unit)}`],
    ["Calls", countText(drift.n)],
    ["Evidence", `log ${logEText(drift)}`],
    ...(series === "" ? [] : [["Series", series] as const]),
    ...changed.map((change) => ["Changed", changeText(change)] as const),
  ];
};

const WAY = { increase: "up", drop: "down" } as const;

const driftDraft = (drift: Drift, isFurther: boolean, isThreaded: boolean): Omit<Draft, "type" | "id"> => {
  const { unit, direction, since, seen, expected, limit } = drift;
  const moved = isFurther ? `further ${WAY[direction]}` : WAY[direction];
  return {
    title: `${subjectOf(drift)} ${moved} since ${minute(since)}: ${figure(seen, unit)}, ${figure(expected, unit)} expected`,
    summary: [
      `${subjectOf(drift)} is ${figure(seen, unit)} in ${countText(drift.n)} calls since ${minute(since)}${intervalText(drift)}.`,
      `The past says ${figure(expected, unit)} for this hour; up to ${figure(limit, unit)} is no change.`,
      attribution(drift.changed),
    ],
    done: [
      "Nothing: a monitor rolls nothing back. This change is told once, and again when it grows by half or ends.",
      ...(isThreaded ? ["It is told in this incident because its monitor pages once an hour at most."] : []),
    ],
    proof: [
      `That it changed, yes: log e-value ${logEText(drift, 2, " (threshold ", ")")}. Whether it harms anybody is not known.`,
    ],
    next: [
      "See whether the provider announced a change, and what was deployed about then.",
      "If users notice: pin the model's version, or move the traffic to another one. How it stands: `leeway status`.",
    ],
    facts: factsOf(drift),
  };
};

const endDraft = (
  event: Extract<MonitorEvent, { readonly kind: "recovered" | "adopted" }>,
): Omit<Draft, "type" | "id"> => {
  const { drift, at } = event;
  const { unit, expected, since } = drift;
  if (event.kind === "adopted") {
    return {
      title: `${subjectOf(drift)}: ${figure(drift.seen, unit)} is the new normal, ${figure(expected, unit)} was`,
      summary: [
        `${subjectOf(drift)} changed at ${minute(since)} and stayed; from now on it is compared with what came since.`,
      ],
      next: ["Nothing, if the new normal is good enough."],
      facts: factsOf(drift),
    };
  }
  return {
    title: `${subjectOf(drift)} is back: ${figure(event.value, unit)}, ${figure(expected, unit)} expected`,
    summary: [`${subjectOf(drift)}, ${figure(drift.seen, unit)} since ${minute(since)}, came back by ${minute(at)}.`],
    next: ["Nothing."],
    facts: factsOf(drift),
  };
};

const modelDraft = (event: Extract<MonitorEvent, { readonly kind: "model-changed" }>): Omit<Draft, "type" | "id"> => {
  const { change, series } = event;
  const { identity, before, after, since } = change;
  const where = series === "" ? "" : ` (${series})`;
  return {
    title: `another ${IDENTITY[identity]} answers${where}: ${after}, ${before} before`,
    summary: [
      `Since ${minute(since)} most calls${where} are answered by ${IDENTITY[identity]} ${after}, which was never seen before; ${before} answered until then.`,
      "Nobody here changed the name that is asked for.",
    ],
    done: ["Nothing: a monitor rolls nothing back. The signals are compared with the past as before."],
    next: ["See whether the provider announced it, and pin the model's version if that can be done."],
    facts: [
      ["Before", before],
      ["After", after],
      ["Since", minute(since)],
      ...(series === "" ? [] : [["Series", series] as const]),
    ],
  };
};

/** What an event does to its incident where the engine says nothing. Another model under the same name is news and no state: nothing ends it. */
const PHASES: Readonly<Record<MonitorEvent["kind"], NoticePhase>> = {
  drift: "open",
  further: "update",
  recovered: "resolve",
  adopted: "resolve",
  "model-changed": "update",
};

const draftOf = (event: MonitorEvent): Omit<Draft, "type" | "id"> => {
  switch (event.kind) {
    case "drift":
    case "further":
      return driftDraft(
        event.drift,
        event.kind === "further",
        event.kind === "drift" && event.told?.phase === "update",
      );
    case "recovered":
    case "adopted":
      return endDraft(event);
    case "model-changed":
      return modelDraft(event);
    default:
      return unreachable(event);
  }
};

const incidentOfEvent = (monitor: string, event: MonitorEvent): string =>
  event.kind === "model-changed"
    ? `monitor:${monitor}/${digest(event.series)}/${event.change.identity}/${event.change.since}`
    : incidentOf(monitor, event.told?.incident ?? event.drift);

/** The event itself: several drifts may be told in one incident. */
const nameOf = (monitor: string, event: MonitorEvent): string =>
  event.kind === "model-changed" ? incidentOfEvent(monitor, event) : incidentOf(monitor, event.drift);

const phaseOf = (event: MonitorEvent): NoticePhase =>
  (event.kind === "model-changed" ? undefined : event.told?.phase) ?? PHASES[event.kind];

const momentOf = (event: MonitorEvent): number =>
  event.kind === "drift" || event.kind === "further" ? event.drift.at : event.at;

/**
 * The notice of what a monitor found. Its id is made of the change itself, so that a restart that replays the same
 * minutes, or a second agent, tells nobody twice. Channels escape the names in it, which come from production.
 */
export const monitorNotice = ({ monitor, type, link }: MonitorNoticeContext, event: MonitorEvent): Notice => {
  const incident = incidentOfEvent(monitor, event);
  const at = momentOf(event);
  const draft = draftOf(event);
  const id = `${nameOf(monitor, event)}/${event.kind}/${at}`;
  const context = { migration: { name: monitorLedgerName(monitor) }, incident, at, link };
  return finishNotice(context, { ...draft, type, phase: phaseOf(event), id, title: `${monitor}: ${draft.title}` });
};
