import type { JsonObject } from "../json/json-object.ts";
import type { Message } from "../wire/content/message.ts";
import { cannotSay } from "./cannot-say.ts";
import { type SayablePart, sayable, withIds } from "./parts.ts";

/** What one speaker said until the other did. */
export interface Turn {
  readonly role: "user" | "assistant";
  readonly content: readonly JsonObject[];
}

const roleOf = (role: string): Turn["role"] => {
  if (role === "assistant" || role === "model") return "assistant";
  return role === "user" || role === "tool" ? "user" : cannotSay(`a message of the ${role} between the turns`);
};

/** The messages as turns of two speakers: several of one in a row are one, so that what tools answered stands together. */
export const turnsOf = (messages: readonly Message[], say: (part: SayablePart) => JsonObject): readonly Turn[] => {
  const turns: { readonly role: Turn["role"]; readonly content: JsonObject[] }[] = [];
  for (const { role, parts } of withIds(messages)) {
    const speaker = roleOf(role);
    const content = sayable(parts).map(say);
    const last = turns.at(-1);
    if (last?.role === speaker) last.content.push(...content);
    else turns.push({ role: speaker, content });
  }
  return turns;
};
