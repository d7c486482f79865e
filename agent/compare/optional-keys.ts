/** An entry of a file of records. */
export type Entry = Readonly<Record<string, unknown>>;

/** True for what stands for "not known". */
export const isUnknown = (value: unknown): value is null | undefined | "" =>
  value === null || value === undefined || value === "";

/** A number, also as true or false, or as text; null for anything else. */
export const numberOf = (value: unknown): number | null => {
  if (typeof value === "boolean") return Number(value);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
};

/** What can be an id or a name. */
export const isName = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** The optional keys of one entry, as they are asked for; what is unknown, or could not be used, is undefined. */
export interface OptionalKeys {
  /** What could not be used, in words. */
  readonly unusable: readonly string[];
  readonly known: <T>(key: string, value: unknown, expected: string, of: (value: unknown) => T | null) => T | undefined;
  /** A number, 0 or more. */
  readonly amount: (key: string) => number | undefined;
  /** Text or a number, as text. */
  readonly name: (key: string) => string | undefined;
}

/** Reads the optional keys of one entry, and remembers those that could not be used. */
export const createOptional = (entry: Entry): OptionalKeys => {
  const unusable: string[] = [];
  const known = <T>(key: string, value: unknown, expected: string, of: (value: unknown) => T | null): T | undefined => {
    if (isUnknown(value)) return undefined;
    const read = of(value);
    if (read === null) unusable.push(`${key}: not usable; expected ${expected}`);
    return read ?? undefined;
  };
  const amount = (key: string): number | undefined =>
    known(key, entry[key], "a number, 0 or more", (value) => {
      const number = numberOf(value);
      return number === null || number < 0 ? null : number;
    });
  const name = (key: string): string | undefined =>
    known(key, entry[key], "text or a number", (value) => (isName(value) ? String(value) : null));
  return { unusable, known, amount, name };
};
