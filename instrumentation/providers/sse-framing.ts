import type { Framing } from "./wire-format.ts";

/** Cuts text into lines; the pieces may be cut anywhere. */
const createLines = () => {
  const decoder = new TextDecoder();
  let unread = "";
  return {
    push: (bytes: Uint8Array): string[] => {
      const text = unread + decoder.decode(bytes, { stream: true });
      const lines = text.includes("\r") ? text.split(/\r\n|\n|\r/) : text.split("\n");
      unread = lines.pop() ?? "";
      return lines;
    },
    end: (): string[] => {
      const last = unread + decoder.decode();
      unread = "";
      return [last];
    },
  };
};

const framingOf = (messages: (lines: readonly string[]) => string[]): Framing => {
  const lines = createLines();
  return { push: (bytes) => messages(lines.push(bytes)), end: () => messages(lines.end()) };
};

const DATA = "data:";

/** One by one: lists of lists, and blanks cut off one end after the other, are most of what framing would cost. */
const dataOf = (lines: readonly string[]): string[] => {
  const messages: string[] = [];
  for (const line of lines) {
    if (!line.startsWith(DATA)) continue;
    messages.push(line.slice(line[DATA.length] === " " ? DATA.length + 1 : DATA.length).trimEnd());
  }
  return messages;
};

/**
 * Server-sent events: every `data:` line is a message, which is how all providers use them; comments, names and ids
 * are left out.
 */
export const createSseFraming = (): Framing => framingOf(dataOf);

/** One JSON document a line (NDJSON, JSON Lines). */
export const createLineFraming = (): Framing =>
  framingOf((lines) => lines.map((line) => line.trim()).filter((line) => line !== ""));

/** The framing for a content type: server-sent events, lines, or null for a plain body. */
export const framingFor = (contentType: string): Framing | null => {
  if (contentType.includes("text/event-stream")) return createSseFraming();
  return /ndjson|jsonl|json-seq|stream\+json/.test(contentType) ? createLineFraming() : null;
};
