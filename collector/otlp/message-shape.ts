import { OTLP_DESCRIPTOR } from "./descriptor.ts";

/** Which fields of a message are messages, by their number; a hole = a field that is none, or is not known. */
export type MessageShape = (MessageShape | undefined)[];

const definitionOf = (name: string) => {
  const definition = OTLP_DESCRIPTOR.nested?.[name];
  return definition !== undefined && "fields" in definition ? definition : null;
};

const known = new Map<string, MessageShape>();

/** The shape of a message of the descriptor; undefined where it has none of that name. */
export const shapeOf = (name: string): MessageShape | undefined => {
  const definition = definitionOf(name);
  if (definition === null) return undefined;
  const found = known.get(name);
  if (found !== undefined) return found;
  const shape: MessageShape = [];
  // before its fields are looked at: values hold values
  known.set(name, shape);
  for (const { id, type } of Object.values(definition.fields)) shape[id] = shapeOf(type);
  return shape;
};

/** The number and the message of a field. Throws when the message has no such field. */
export const fieldOf = (message: string, field: string): { readonly id: number; readonly type: string } => {
  const found = definitionOf(message)?.fields[field];
  if (found === undefined) throw new Error(`${message} has no field ${field}`);
  return found;
};
