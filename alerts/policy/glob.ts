/**
 * True where `pattern` is all of `text`; `*` stands for any characters, `?` for one. Nothing else is special. At most one step for
 * each pair of their characters: a pattern is anybody's who may silence, and must not hold up the agent.
 */
export const matchesGlob = (pattern: string, text: string): boolean => {
  const [wanted, given] = [Array.from(pattern), Array.from(text)];
  let [at, next] = [0, 0];
  // The last `*`, and where what comes after it was last tried: of earlier ones no other choice could help.
  let star: { readonly after: number; readonly triedAt: number } | null = null;
  while (next < given.length) {
    if (wanted[at] === "*") {
      at += 1;
      star = { after: at, triedAt: next };
    } else if (at < wanted.length && (wanted[at] === "?" || wanted[at] === given[next])) {
      at += 1;
      next += 1;
    } else if (star === null) {
      return false;
    } else {
      next = star.triedAt + 1;
      at = star.after;
      star = { after: at, triedAt: next };
    }
  }
  return wanted.slice(at).every((each) => each === "*");
};
