import { objectOf } from "../json/read-json.ts";
import { countOf } from "./reported-tokens.ts";

/** Input tokens written to the cache, where they are told apart by how long they are kept (Anthropic's `cache_creation`). */
export const writtenByAge = (creation: unknown): number | null => {
  const { ephemeral_5m_input_tokens, ephemeral_1h_input_tokens } = objectOf(creation);
  const [short, long] = [countOf(ephemeral_5m_input_tokens), countOf(ephemeral_1h_input_tokens)];
  return short === null && long === null ? null : (short ?? 0) + (long ?? 0);
};
