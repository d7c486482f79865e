import { openaiChat } from "./openai-chat.ts";
import type { WireFormat } from "./wire-format.ts";

/** Every format that is recognised; the first that matches a URL is the one. */
export const WIRE_FORMATS: readonly WireFormat[] = [openaiChat];

/** The format of a POST to `url`; null when it is no model call. */
export const wireFormatOf = (url: URL): WireFormat | null => WIRE_FORMATS.find(({ matches }) => matches(url)) ?? null;
