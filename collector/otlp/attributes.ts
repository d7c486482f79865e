import type { Attributes, AttributeValue } from "../../formats/dialects/read/attributes.ts";
import { type Fields, messageIn, messagesIn, numberOf, textIn } from "./fields.ts";

/** Real attributes nest two or three levels (messages of messages); more is an attempt to exhaust the stack. */
const MAX_DEPTH = 16;

/** Bytes and values nested deeper than MAX_DEPTH are null. */
const attributeValue = (value: Fields | null, depth: number): AttributeValue => {
  if (value === null || depth > MAX_DEPTH) return null;
  // own properties only: an unset protobuf field reads as its default through the prototype
  if (Object.hasOwn(value, "stringValue")) return textIn(value, "stringValue");
  if (Object.hasOwn(value, "boolValue")) return value.boolValue === true;
  if (Object.hasOwn(value, "intValue")) return numberOf(value.intValue);
  if (Object.hasOwn(value, "doubleValue")) return numberOf(value.doubleValue);
  if (Object.hasOwn(value, "arrayValue")) return arrayOf(messageIn(value, "arrayValue"), depth);
  if (Object.hasOwn(value, "kvlistValue")) {
    const list = messageIn(value, "kvlistValue");
    return list === null ? null : Object.fromEntries(entriesOf(list, "values", depth + 1));
  }
  return null;
};

const arrayOf = (list: Fields | null, depth: number): AttributeValue =>
  list === null ? null : messagesIn(list, "values").map((entry) => attributeValue(entry, depth + 1));

const entriesOf = (fields: Fields, name: string, depth: number): Map<string, AttributeValue> => {
  const entries = new Map<string, AttributeValue>();
  for (const entry of messagesIn(fields, name)) {
    entries.set(textIn(entry, "key"), attributeValue(messageIn(entry, "value"), depth));
  }
  return entries;
};

const NONE: Attributes = new Map();

/** The attributes of a span, event or resource; the last of two equal names wins. Throws when they are malformed. */
export const attributesIn = (fields: Fields | null): Attributes =>
  fields === null || messagesIn(fields, "attributes").length === 0 ? NONE : entriesOf(fields, "attributes", 0);
