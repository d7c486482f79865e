/** Marks the place where text was cut. */
export const CUT_MARK = "…";

/**
 * `text` with at most `limit` UTF-16 code units, `transform` applied. Whole code points only: a cut never leaves half
 * a character or half of what `transform` made of one (`&amp;`). What was cut is marked with an ellipsis. Counted in
 * code units because it is the strictest of the ways the receivers count. `limit` >= 1.
 */
export const clamp = (text: string, limit: number, transform: (codePoint: string) => string = (c) => c): string => {
  const parts = Array.from(text.toWellFormed(), transform);
  const whole = parts.join("");
  if (whole.length <= limit) return whole;
  let kept = "";
  for (const part of parts) {
    if (kept.length + part.length + CUT_MARK.length > limit) break;
    kept += part;
  }
  return kept + CUT_MARK;
};
