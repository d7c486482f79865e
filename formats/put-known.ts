/** Writes what is known: null, undefined and empty text are left out. */
export const putKnown = <Value>(
  into: Record<string, Value>,
  name: string,
  value: NoInfer<Value> | null | undefined,
): void => {
  if (value !== null && value !== undefined && value !== "") into[name] = value;
};
