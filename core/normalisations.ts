/** What may be done to a segment's value before it is looked at, in the order in which it is done. */
export const NORMALISATIONS = ["trim", "lower"] as const;

/** One of these: without the blanks around it, or in lower case. */
export type Normalisation = (typeof NORMALISATIONS)[number];
