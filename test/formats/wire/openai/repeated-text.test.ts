import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../core/seeded-random.ts";
import { openaiChat } from "../../../../formats/wire/openai/openai-chat.ts";
import { RepeatedText } from "../../../../formats/wire/openai/repeated-text.ts";
import { readStream } from "../read-stream.ts";

const LEARNED = '{"id":"c","choices":[{"index":0,"delta":{"content":"one"}}],"obfuscation":"aB3"}';
const like = (text: string) => LEARNED.replace("one", text);

/** What is skimmed of a line, which has to be read to its end. */
const textOf = (repeated: RepeatedText, message: string): string | null => {
  const line = Buffer.from(`data: ${message}\n`);
  const end = repeated.skim(line, "data: ".length);
  expect([-1, line.length - 1]).toContain(end);
  const text = repeated.take();
  expect(text === null).toBe(end === -1);
  return text;
};

describe("a message like the one before", () => {
  const learned = new RepeatedText();
  learned.learn(LEARNED, "one");

  it.each([
    ["another text", like("two"), "two"],
    ["no text", like(""), ""],
    ["letters of all kinds", like("größe ✓ 語"), "größe ✓ 語"],
    ["other padding", like("two").replace("aB3", "xyzxyz"), "two"],
    ["no padding", like("two").replace("aB3", ""), "two"],
    ["a text with escapes", like('a \\"b'), null],
    ["padding with escapes", like("two").replace("aB3", 'a\\"'), null],
    ["something more behind it", like("two").replace("}}]", '},"finish_reason":"stop"}]'), null],
    ["something more at its end", `${like("two")} `, null],
    ["something else before it", like("two").replace('"c"', '"d"'), null],
    ["a cut", like("two").slice(0, 55), null],
    ["a cut text", like("two").slice(0, like("two").indexOf("wo")), null],
    ["nothing in common", "[DONE]", null],
  ])("is told from others: %s", (_name, message, expected) => {
    expect(textOf(learned, message)).toBe(expected);
  });

  it("is not taken before its line has ended", () => {
    expect([learned.skim(Buffer.from(like("two")), 0), learned.take()]).toEqual([-1, null]);
    const line = Buffer.from(`${like("two")}\r\n`);
    expect([learned.skim(line, 0), learned.take()]).toEqual([like("two").length, "two"]);
  });

  it("is joined with those around it, however long, and given once", () => {
    const texts = Array.from({ length: 300 }, (_, at) => "größe ✓".repeat(at % 40));
    for (const text of texts) learned.skim(Buffer.from(`${like(text)}\n`), 0);
    expect([learned.take(), learned.take()]).toEqual([texts.join(""), null]);
  });

  it.each([
    ["the text is in another member of that name", '{"a":{"content":"x"},"delta":{"b":"one"}}', "one"],
    ["there are two such members", '{"a":{"content":"one"},"b":{"content":"one"}}', "one"],
    ["the text has escapes", '{"content":"\\n"}', "\n"],
  ])("is not expected where %s", (_name, message, text) => {
    const repeated = new RepeatedText();
    repeated.learn(message, text);
    expect(textOf(repeated, message)).toBeNull();
  });

  it("may have a blank after its colons", () => {
    const repeated = new RepeatedText();
    repeated.learn('{"content": "one"}', "one");
    expect(textOf(repeated, '{"content": "two"}')).toBe("two");
  });
});

/** Pieces of every length up to `longest`. */
const cut = (bytes: Buffer, longest: number): Buffer[] => {
  const random = seededRandom(longest);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + Math.floor(random() * longest);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
};

describe("streams read by it", () => {
  const TEXTS = [
    '"quoted"',
    "back\\slash",
    "new\nline",
    "größe",
    "",
    "plain",
    "plain",
    '{"content":"trap"}',
    "語 🙂",
    "end",
  ];
  const event = (content: string, more: object = {}) => ({
    ...{ id: "c", model: "m", choices: [{ index: 0, delta: { content }, finish_reason: null }] },
    ...more,
  });
  it.each([
    ["compact", (text: string) => JSON.stringify(event(text))],
    ["padded", (text: string) => JSON.stringify(event(text, { obfuscation: "x".repeat(text.length) }))],
    ["with blanks", (text: string) => JSON.stringify(event(text)).replaceAll('":', '": ')],
  ])("say what every message said: %s", (_name, write) => {
    // Each text follows each other one, so that whatever was learned last meets all of them.
    const texts = TEXTS.flatMap((first) => TEXTS.flatMap((second) => [first, second]));
    const expected = texts.map((text) => JSON.parse(write(text)).choices[0].delta.content).join("");
    const messages = texts.map((text) => Buffer.from(`data: ${write(text)}\n\n`));
    const whole = Buffer.concat(messages);
    for (const pieces of [[whole], messages, ...[3, 40, 200, 700].map((length) => cut(whole, length))]) {
      const facts = readStream(openaiChat, pieces);
      expect(facts.answer?.text).toBe(expected);
      expect(facts.answer?.chars).toBe(expected.length);
    }
  });

  it("say it however long they are", () => {
    const texts = Array.from({ length: 4000 }, (_, at) => `${at} ${"größe ".repeat(at % 30)}`);
    const messages = texts.map((text) => Buffer.from(`data: ${JSON.stringify(event(text))}\n\n`));
    for (const pieces of [messages, cut(Buffer.concat(messages), 5000)])
      expect(readStream(openaiChat, pieces).answer?.text).toBe(texts.join(""));
  });
});
