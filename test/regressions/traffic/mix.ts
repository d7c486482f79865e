import type { InputType, Language, Tier } from "./call.ts";

/** Who writes in which language. */
export const LANGUAGES: Readonly<Record<Language, number>> = { en: 0.58, de: 0.17, es: 0.13, fr: 0.12 };

/** Tenants by tier. */
export const TIERS: Readonly<Record<Tier, number>> = { free: 0.52, pro: 0.36, enterprise: 0.12 };

/** 1 in the afternoon, -1 in the small hours. */
const daylight = (hour: number): number => Math.cos(((hour - 15) / 24) * 2 * Math.PI);

/** How busy the app is at an hour of the day (0 to 24, may be broken), 1 on average. */
export const busyness = (hour: number): number => 1 + 0.7 * daylight(hour);

/** What conversations are about at an hour of the day: people ask by day, jobs extract by night. */
export const inputTypesAt = (hour: number): Readonly<Record<InputType, number>> => {
  const day = daylight(hour);
  return {
    faq: 0.24 + 0.03 * day,
    billing: 0.15 + 0.04 * day,
    technical: 0.17 + 0.03 * day,
    smalltalk: 0.1,
    extraction: 0.22 - 0.05 * day,
    tools: 0.17,
  };
};
