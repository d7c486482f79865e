/** What tells the members of a union apart, in the order in which it is looked for. */
const TAGS = ["type", "kind", "outcome", "state"] as const;

/** The member's name and nothing else of it: what else it holds may be a secret or an answer. */
const nameOf = (value: unknown): string => {
  if (typeof value !== "object" || value === null)
    return typeof value === "string" ? JSON.stringify(value) : typeof value;
  const tags = Object.entries(value).filter(
    ([key, tag]) => TAGS.some((each) => each === key) && typeof tag === "string",
  );
  return tags.map(([key, tag]) => `${key} ${JSON.stringify(tag)}`).join(", ") || "an object";
};

/**
 * Stands behind the last member of a union, where only a bug can come to: for what this process made or checked itself.
 * A union that gets a member does not compile until the member has its case. Throws TypeError with the member's name.
 */
export const unreachable = (value: never): never => {
  throw new TypeError(`no case for ${nameOf(value)}: a bug`);
};

/**
 * Stands behind the last member of a union that is read from the ledger, where a newer version may have written one that
 * this one does not know: `fallback` is what an older agent makes of it. A union that gets a member does not compile
 * until the member has its case.
 */
export const otherwise = <Result>(_value: never, fallback: Result): Result => fallback;

/**
 * The members of a union, in the order of a table that has to have each of them: what is listed so can neither leave a
 * member out nor keep one that is gone.
 */
export const membersOf = <Member extends string>(
  table: Readonly<Record<Member, unknown>>,
): readonly [Member, ...Member[]] => Object.keys(table) as [Member, ...Member[]];
