import { daysUntil } from "../../core/days-until.ts";
import { lengthText } from "../../core/length-text.ts";
import type { Stage } from "../../core/migration.ts";
import { DAY_MS } from "../../core/retention.ts";
import type { CaseFacts, ModelEnd, Point } from "./case.ts";

/** A baseline that ends within so many days is a reason to begin: evidence, ramp and observation take weeks, and one try may fail. */
export const PRESSING_DAYS = 180;

/** A candidate has to outlive the plan by so many days, or the next migration begins before this one has paid. */
export const OUTLIVE_DAYS = 90;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const lengthOf = (stages: readonly Stage[]): number => stages.reduce((sum, { forMs }) => sum + forMs, 0);

/** The day the baseline ends and who says so: the earlier of the document's and the table's. */
const baselineEnd = ({ migration, ends }: CaseFacts): { readonly day: string; readonly source: string } | null => {
  const said = migration.why?.deprecation;
  const { retires = null, source = "" } = ends.baseline ?? {};
  const known = [
    ...(said === undefined ? [] : [{ day: said, source: "the document" }]),
    ...(retires === null ? [] : [{ day: retires, source }]),
  ];
  return known.toSorted((a, b) => Date.parse(a.day) - Date.parse(b.day))[0] ?? null;
};

/** Where document and table are of two minds. */
const disagreement = ({ migration, ends }: CaseFacts): readonly Point[] => {
  const said = migration.why?.deprecation;
  const { retires = null, notBefore = null, source = "" } = ends.baseline ?? {};
  if (said === undefined) return [];
  if (retires !== null && retires !== said) {
    const text = `the document has the baseline retired on ${said}, ${source} on ${retires}; the earlier day counts`;
    return [{ about: "baseline", speaks: "note", text }];
  }
  if (retires !== null || notBefore === null || said >= notBefore) return [];
  const text = `the document has the baseline retired on ${said}, and ${source} promises it until ${notBefore}`;
  return [{ about: "baseline", speaks: "note", text }];
};

const unknownEnd = (model: string, end: ModelEnd | null): Point => {
  if (end === null)
    return {
      about: "baseline",
      speaks: "unknown",
      text: `when the baseline ${model} is retired is in no table, and not in the document (leeway models)`,
    };
  const until = end.notBefore === null ? "" : `, and it is promised until ${end.notBefore}`;
  return { about: "baseline", speaks: "note", text: `no day is announced on which the baseline is retired${until}` };
};

const endText = (day: string, left: number): string =>
  left <= 0 ? `the baseline is retired since ${day}` : `the baseline is retired in ${left} days, on ${day}`;

/** When the plan has to begin to be over before the baseline is. */
const beginBy = ({ migration: { stages }, now }: CaseFacts, day: string): Point => {
  const length = lengthOf(stages);
  const latest = Date.parse(day) - length;
  const plan = `the plan takes ${lengthText(length)} at least`;
  const text =
    latest > now
      ? `${plan}: it has to begin by ${dayOf(latest)} to end before the baseline does`
      : `${plan}, and cannot end before the baseline does: from ${day} on there is nothing to roll back to`;
  return { about: "plan", speaks: "note", text };
};

/** What the end of the baseline says: a model that goes is left, one that stays is no reason. */
export const baselinePoints = (facts: CaseFacts): readonly Point[] => {
  const { migration, now, ends } = facts;
  const end = baselineEnd(facts);
  if (end === null) return [unknownEnd(migration.baseline.model, ends.baseline)];
  const left = daysUntil(end.day, now);
  const said = `${endText(end.day, left)} (${end.source})`;
  const isPressing = left <= PRESSING_DAYS;
  const text = isPressing
    ? said
    : `${said}: there is time until ${dayOf(Date.parse(end.day) - PRESSING_DAYS * DAY_MS)}`;
  const point: Point = { about: "baseline", speaks: isPressing ? "for" : "against", text };
  return [point, ...disagreement(facts), ...(isPressing ? [beginBy(facts, end.day)] : [])];
};

/** What the end of the candidate says: nobody moves to a model that goes. */
export const candidatePoints = ({ migration, now, ends: { candidate } }: CaseFacts): readonly Point[] => {
  const { model } = migration.candidate;
  if (candidate === null)
    return [
      {
        about: "candidate",
        speaks: "unknown",
        text: `when the candidate ${model} is retired is in no table (leeway models)`,
      },
    ];
  const { retires, source } = candidate;
  if (retires === null) return [];
  const left = daysUntil(retires, now);
  const needed = Math.ceil(lengthOf(migration.stages) / DAY_MS) + OUTLIVE_DAYS;
  const when = left <= 0 ? `is retired since ${retires}` : `is retired in ${left} days, on ${retires}`;
  const plan = left <= 0 ? "" : `; the plan and ${OUTLIVE_DAYS} days of use take ${needed}`;
  const text = `the candidate ${model} ${when}${plan} (${source})`;
  return [{ about: "candidate", speaks: left < needed ? "forbids" : "note", text }];
};
