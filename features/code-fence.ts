/** A line that opens or closes a code fence: at most three spaces, then three backticks or tildes. */
const FENCE = /^ {0,3}(?:```|~~~)/m;

/** True when the text holds a Markdown code fence. Linear in its length. */
export const hasCodeFence = (text: string): boolean => FENCE.test(text);
