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

describe("an event over several lines", () => {
  const spread = (json: string, end: string): string =>
    `${json
      .split("\n")
      .map((line) => `data: ${line}${end}`)
      .join("")}${end}`;
  const JSON_TEXT = '{\n  "a": "größe",\n\n  "b": { "c": [1,\n2] }\n}';
  const WHOLE = '{"x":1}';

  it.each(["\n", "\r", "\r\n"])("is one message, its lines ending with %j, cut anywhere", (end) => {
    const text = `data: ${WHOLE}${end}${end}event: y${end}${spread(JSON_TEXT, end)}data: ${WHOLE}${end}${end}`;
    for (const pieces of cuts(text)) expect(messagesOf(createSseFraming(), pieces)).toEqual([WHOLE, JSON_TEXT, WHOLE]);
  });

  it("may have other lines between, and no end", () => {
    const text = 'data: {"a":\n: comment\nid: 7\ndata:1}';
    for (const pieces of cuts(text)) expect(messagesOf(createSseFraming(), pieces)).toEqual(['{"a":\n1}']);
  });

  it("is a message a line where that is what makes documents, as some forget the blank lines", () => {
    const text = 'data: {"a":1}\ndata: {"b":2}\ndata: [DONE]\n\n';
    for (const pieces of cuts(text))
      expect(messagesOf(createSseFraming(), pieces)).toEqual(['{"a":1}', '{"b":2}', "[DONE]"]);
  });

  it("is not waited for without end", () => {
    const lines = Array.from({ length: 30_000 }, () => `data: ${"x".repeat(100)}\n`);
    const pieces = Array.from({ length: 30 }, (_, at) =>
      Buffer.from(lines.slice(at * 1000, at * 1000 + 1000).join("")),
    );
    expect(messagesOf(createSseFraming(), pieces)).toHaveLength(30_000);
  });
});

describe("a document a line", () => {
  it("is a message each, with or without blanks around it", () => {
    for (const pieces of cuts('{"a":1}\n \r\n  {"b":"ü"} \n{"c":3}'))
      expect(messagesOf(createLineFraming(), pieces)).toEqual(['{"a":1}', '{"b":"ü"}', '{"c":3}']);
  });
});
