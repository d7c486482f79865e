/** The value of an attribute of a span, an event or a resource. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by name. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

/** A span, as far as a dialect has a say in it. */
export interface DialectSpan {
  /** Epoch ms with three decimals; NaN when it was not given. */
  readonly startMs: number;
  readonly attributes: Pick<Attributes, "get" | "has">;
}
