/** What can be said of a value and a schema. */
export type Validity = "valid" | "invalid" | "unknown";

/** Checks a value against a schema inside a schema. */
export type Check = (schema: unknown, value: unknown) => Validity;

/** Valid when every part is; invalid as soon as one is, whatever the others are. */
export const all = <T>(parts: readonly T[], check: (part: T) => Validity): Validity => {
  let outcome: Validity = "valid";
  for (const part of parts) {
    const found = check(part);
    if (found === "invalid") return "invalid";
    if (found === "unknown") outcome = "unknown";
  }
  return outcome;
};

/** Two parts together; the second is not looked at once the first is invalid. */
export const both = (first: Validity, second: () => Validity): Validity => {
  if (first === "invalid") return "invalid";
  const next = second();
  return next === "valid" ? first : next;
};
