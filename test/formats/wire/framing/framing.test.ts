import { describe, expect, it } from "vitest";
import { createLineFraming, createSseFraming } from "../../../../formats/wire/framing/sse-framing.ts";
import type { Framing } from "../../../../formats/wire/wire-format.ts";

const messagesOf = (framing: Framing, pieces: readonly Uint8Array[], skim = (_bytes: Buffer, _at: number) => -1) => {
  const messages: string[] = [];
  const reader = { skim, message: (text: string) => void messages.push(text) };
  for (const piece of pieces) framing.push(Buffer.from(piece), reader);
  framing.end(reader);
  return messages;
};

/** The bytes of a text in all ways to cut them in two, and one by one. */
const cuts = (text: string): Uint8Array[][] => {
  const bytes = Buffer.from(text);
  const halves = Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
  return [...halves, Array.from(bytes, (byte) => Buffer.from([byte]))];
};

describe("server-sent events", () => {
  it.each([
    ["line feeds", "data: a\n\ndata: b\n\n"],
    ["carriage returns", "data: a\r\rdata: b\r\r"],
    ["both", "data: a\r\n\r\ndata: b\r\n\r\n"],
    ["a mix", "data: a\r\rdata: b\n\n"],
    ["no blank after the colon", "data:a\n\ndata:b\n\n"],
    ["blanks at their end", "data: a  \n\ndata: b\t\n\n"],
    ["names, ids and comments", ": hello\nevent: x\nid: 7\ndata: a\n\nretry: 3\ndatabase: c\ndata\ndata: b\n\n"],
    ["events without data", "data:\n\ndata: a\n\ndata: \n\ndata: b\n\n"],
    ["a byte order mark", "\ufeffdata: a\n\ndata: b\n\n"],
    ["no end of the last line", "data: a\n\ndata: b"],
  ])("come with %s, cut anywhere", (_name, text) => {
    // A byte order mark that is cut is none: nobody writes it, and in pieces at that.
    const ways = text.startsWith("\ufeff") ? cuts(text).slice(3, -1) : cuts(text);
    for (const pieces of ways) expect(messagesOf(createSseFraming(), pieces)).toEqual(["a", "b"]);
  });

  it("may hold every letter", () => {
    for (const pieces of cuts("data: größe ✓ 語 🙂\n\ndata: \ufeffx\n\n"))
      expect(messagesOf(createSseFraming(), pieces)).toEqual(["größe ✓ 語 🙂", "x"]);
  });

  it("are offered to be skimmed, where their data begins, and told only if they are not", () => {
    const offered: string[] = [];
    const skim = (bytes: Buffer, at: number): number => {
      offered.push(bytes.toString("utf8", at, at + 1));
      return bytes[at] === "s".charCodeAt(0) ? bytes.indexOf("\n", at) : -1;
    };
    const text = Buffer.from("data: one\n\nevent: x\ndata:skim\n\ndata: skim\ndata: two\n\n");
    expect(messagesOf(createSseFraming(), [text], skim)).toEqual(["one", "two"]);
    expect(offered).toEqual(["o", "s", "s", "t"]);
  });
});

describe("a document a line", () => {
  it("is a message each, with or without blanks around it", () => {
    for (const pieces of cuts('{"a":1}\n \r\n  {"b":"ü"} \n{"c":3}'))
      expect(messagesOf(createLineFraming(), pieces)).toEqual(['{"a":1}', '{"b":"ü"}', '{"c":3}']);
  });
});
