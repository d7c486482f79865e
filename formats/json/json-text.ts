/** The value as JSON; empty where it cannot be written (nesting beyond what the stack holds). Never throws. */
export const jsonText = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
};
