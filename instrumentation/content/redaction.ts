import { type SharedObject, sharedObject } from "../shared-object.ts";
import { shield } from "../shield.ts";

/** Which text is to be redacted. */
export type ContentField = "input" | "output" | "system_instructions" | "tool_definitions";

/** Returns what may be exported instead of `text`. Must be quick: it runs in the app, on every text of every call. */
export type Redaction = (text: string, field: ContentField) => string;

// The preload bundle and the `leeway` entry are separate copies of this module.
const REDACTION: SharedObject<Redaction> = sharedObject("redaction", 1);

const asItIs: Redaction = (text) => text;

/**
 * Sets the function that every text passes before it is exported, where content is captured at all
 * (LEEWAY_CAPTURE_CONTENT). It is given message texts, tool arguments and results (as JSON text), reasoning, and
 * descriptions of tools. When it throws, or returns anything but a string, the call is exported without content.
 * `null` removes it.
 */
export const setRedaction: (redaction: Redaction | null) => void = shield((redaction) => {
  // A function of our own, for it carries a version.
  const current = redaction ?? asItIs;
  REDACTION.share((text, field) => current(text, field));
}, undefined);

/** Redacts a text; null when the redaction failed, and nothing of the call may be exported. */
export type Redact = (text: string, field: ContentField) => string | null;

/**
 * The redaction that is set now; leaves texts as they are where none is. One that another version of Leeway set counts as
 * failed: nothing that was to be redacted is exported.
 */
export const currentRedaction = (): Redact => {
  if (REDACTION.isForeign()) return () => null;
  const redaction = REDACTION.find() ?? asItIs;
  return (text, field) => {
    try {
      const redacted: unknown = redaction(text, field);
      return typeof redacted === "string" ? redacted : null;
    } catch {
      return null;
    }
  };
};
