import type { Dialect, Field } from "../dialect.ts";
import { DIALECTS } from "../dialects.ts";
import type { AttributeValue, DialectSpan } from "./attributes.ts";
import { readSource } from "./read-source.ts";

/** Reads one field of a call, whatever dialect wrote it; null where the span does not have it. */
export type FieldReader = (field: Field) => AttributeValue;

/** An empty text or list says nothing, and hides nothing that another attribute says. */
const says = (value: AttributeValue): boolean =>
  value !== null && value !== "" && !(Array.isArray(value) && value.every((entry) => !says(entry as AttributeValue)));

/** The dialects that apply to a span, best first. */
const dialectsOf = (span: DialectSpan): readonly Dialect[] =>
  DIALECTS.filter(({ mark }) => mark === null || span.attributes.has(mark));

/** A reader for one span: per field, the first source of the first dialect that has a value wins. */
export const fieldReader = (span: DialectSpan): FieldReader => {
  const dialects = dialectsOf(span);
  return (field) => {
    for (const dialect of dialects) {
      for (const source of dialect.fields[field] ?? []) {
        const value = readSource(span, source);
        if (says(value)) return value;
      }
    }
    return null;
  };
};
