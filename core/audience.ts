import { NORMALISATIONS, type Normalisation } from "./normalisations.ts";

/** Whom a share of the candidate is for: the traffic that carries one of these values of one segment. */
export interface Audience {
  /** The segment's name, as the document's `segments` has it. */
  readonly segment: string;
  /** At least one, each once, in order of the alphabet; as they are after normalising. */
  readonly values: readonly string[];
  /** Done to a value before it is compared, in the order of NORMALISATIONS. Left out = nothing. */
  readonly normalise?: readonly Normalisation[];
}

/** A share of the candidate, and whom it is for. */
export interface Exposure {
  /** 0-1. */
  readonly share: number;
  /** Left out or null = everybody. */
  readonly audience?: Audience | null;
}

const STEPS: Readonly<Record<Normalisation, (value: string) => string>> = {
  trim: (value) => value.trim(),
  lower: (value) => value.toLowerCase(),
};

/** A segment's value as it is compared. */
export const normalisedValue = (value: string, normalise: readonly Normalisation[] = []): string =>
  NORMALISATIONS.filter((each) => normalise.includes(each)).reduce((text, each) => STEPS[each](text), value);

/** True where traffic with this value of the audience's segment belongs to it; null = it carries none. */
export const isOfAudience = ({ values, normalise }: Audience, value: string | null): boolean =>
  value !== null && values.includes(normalisedValue(value, normalise));

const sameNormalising = (a: Audience, b: Audience): boolean =>
  JSON.stringify(a.normalise ?? []) === JSON.stringify(b.normalise ?? []);

type Whom = Audience | null | undefined;

/** True where whoever belongs to `inner` is known to belong to `outer`; null or undefined = everybody. */
export const isWithin = (inner: Whom, outer: Whom): boolean => {
  if (outer === null || outer === undefined) return true;
  if (inner === null || inner === undefined) return false;
  return (
    inner.segment === outer.segment &&
    sameNormalising(inner, outer) &&
    inner.values.every((value) => outer.values.includes(value))
  );
};

/** True for the same people. */
export const sameAudience = (a: Whom, b: Whom): boolean => isWithin(a, b) && isWithin(b, a);

/** True where nobody has more of the candidate by `to` than by `from`. */
export const raisesNothing = (from: Exposure, to: Exposure): boolean =>
  to.share <= 0 || (to.share <= from.share && isWithin(to.audience, from.audience));

/** A value that a reader could take for something else stands in quotes. */
const shown = (value: string): string => (/^[\p{L}\p{N}_.@:/-]+$/u.test(value) ? value : JSON.stringify(value));

/** An audience in words: `tier internal or beta`; "everybody" without one. */
export const audienceText = (audience: Whom): string =>
  audience === null || audience === undefined
    ? "everybody"
    : `${audience.segment} ${audience.values.map(shown).join(" or ")}`;

/** ` of tier internal`, to be put behind a share; "" for everybody. */
export const ofAudience = (audience: Whom): string =>
  audience === null || audience === undefined ? "" : ` of ${audienceText(audience)}`;
