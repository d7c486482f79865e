/** Smallest effect that matters: |h| or d of 0.2, or five points. Source: docs/features.md, what cries wolf. */
export const EFFECT_FLOOR = 0.2;
export const MIN_POINTS = 0.05;
/** Answers of both arms together that have, and that lack, what moved. */
export const MIN_EVENTS = 10;

/** Cohen's h of two shares (0-1): how far p is above q on the scale on which differences of shares are alike. */
export const cohensH = (p: number, q: number): number => 2 * Math.asin(Math.sqrt(p)) - 2 * Math.asin(Math.sqrt(q));
