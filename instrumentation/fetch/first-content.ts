/**
 * A delta that carries something: text, reasoning, a refusal, or a tool call. The opening delta (`"content":""`) does
 * not match. Tried on the raw text, because parsing every chunk a second time is what makes hooks slow.
 */
const CONTENT = /"(?:content|refusal|reasoning_content|reasoning)"\s*:\s*"[^"]|"tool_calls"\s*:\s*\[\s*\{/;

/** Longest piece of the pattern that a chunk border may cut. */
const OVERLAP = 48;

/** Returns a function that is given every piece of text in turn and says whether content has arrived by now. */
export const createFirstContent = (): ((piece: string) => boolean) => {
  let tail = "";
  let found = false;
  return (piece) => {
    if (found) return true;
    const text = tail + piece;
    found = CONTENT.test(text);
    tail = text.slice(-OVERLAP);
    return found;
  };
};
