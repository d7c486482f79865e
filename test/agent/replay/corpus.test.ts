import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type CorpusRead, readCorpus } from "../../../agent/replay/corpus.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const read = async (content: string | Uint8Array): Promise<CorpusRead[]> => {
  const path = join(temporaryDirectory(), "corpus.jsonl");
  await writeFile(path, content);
  const all: CorpusRead[] = [];
  for await (const each of readCorpus(path)) all.push(each);
  return all;
};

const one = async (line: unknown): Promise<CorpusRead | undefined> => (await read(`${JSON.stringify(line)}\n`))[0];

const problemOf = async (line: unknown): Promise<string> => {
  const found = await one(line);
  return found !== undefined && "problem" in found ? found.problem : "";
};

const questionOf = async (line: unknown) => {
  const found = await one(line);
  if (found === undefined || !("entry" in found) || found.entry.asked.kind !== "question")
    throw new Error("no question");
  return found.entry.asked.question;
};

describe("a line of a corpus", () => {
  it("asks by messages, by a text, or by a request as it was sent", async () => {
    expect(await questionOf({ prompt: "hi" })).toMatchObject({
      messages: [{ role: "user", parts: [{ content: "hi" }] }],
    });
    expect(await questionOf({ prompt: "no", messages: [{ role: "user", content: "yes" }] })).toMatchObject({
      messages: [{ parts: [{ content: "yes" }] }],
    });
    expect(await one({ prompt_id: 7, request: { format: "anthropic.messages", body: { model: "m" } } })).toMatchObject({
      entry: { promptId: "7", asked: { kind: "body", format: "anthropic.messages" } },
    });
  });

  it("takes messages of chat completions and of the GenAI conventions for the same", async () => {
    const chat = await questionOf({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: [{ type: "text", text: "Weather?" }] },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "a", type: "function", function: { name: "w", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "a", content: "grey" },
      ],
    });
    const conventions = await questionOf({
      messages: [
        { role: "system", parts: [{ type: "text", content: "Be brief." }] },
        { role: "user", parts: [{ type: "text", content: "Weather?" }] },
        { role: "assistant", parts: [{ type: "tool_call", id: "a", name: "w", arguments: {} }] },
        { role: "tool", parts: [{ type: "tool_call_response", id: "a", response: "grey" }] },
      ],
    });
    expect(conventions).toEqual(chat);
    expect(chat.system).toEqual([{ type: "text", content: "Be brief." }]);
  });

  it.each<[string, unknown, RegExp]>([
    ["nothing", {}, /nothing is asked; expected messages, a prompt/],
    ["an empty prompt", { prompt: "" }, /nothing is asked/],
    ["no object", 7, /expected keys with values/],
    ["a role nobody has", { messages: [{ role: "boss", content: "x" }] }, /messages\[0\]\.role.*"boss"/],
    ["a key of a message nobody reads", { messages: [{ role: "user", content: "x", mood: 1 }] }, /mood/],
    ["a penalty", { prompt: "x", frequency_penalty: 1 }, /^frequency_penalty: cannot be said to every provider/],
    ["messages that were shortened", { prompt: "x", truncated: ["output", "messages"] }, /^messages: shortened when/],
    ["thinking", { prompt: "x", thinking: { type: "enabled" } }, /^thinking/],
    ["a temperature in words", { prompt: "x", temperature: "hot" }, /temperature: is text; expected a number/],
    [
      "a strict schema",
      { prompt: "x", response_format: { type: "json_schema", json_schema: { name: "a", strict: true, schema: {} } } },
      /strict/,
    ],
  ])("is told with its place where it holds %s", async (_what, line, problem) => {
    expect(await problemOf(line)).toMatch(problem);
  });

  it("is unsaid where it is null, and keys of records are not looked at", async () => {
    const line = { prompt: "x", temperature: null, tools: null, stop: null, output: "old", scores: 3, latency_ms: "?" };
    expect((await questionOf(line)).parameters).toEqual({});
  });
});

describe("a corpus", () => {
  it("keeps the place of what is wrong, and goes on", async () => {
    const found = await read('{"prompt":"a"}\n\nnot json\n{"prompt":"b"}');
    expect(
      found.map((each) => ("entry" in each ? each.entry.place.split(":").at(-1) : each.place.split(":").at(-1))),
    ).toEqual(["1", "3", "4"]);
  });

  it("asks a question once that stands there twice, and refuses another one under its id", async () => {
    const lines = [
      { prompt_id: "a", prompt: "x" },
      { prompt_id: "a", prompt: "x", output: "y" },
      { prompt_id: "a", prompt: "z" },
    ];
    const found = await read(lines.map((line) => JSON.stringify(line)).join("\n"));
    expect(found).toMatchObject([
      { entry: { promptId: "a" } },
      { repeats: "a" },
      { problem: "prompt_id: a was another question before; expected an id of its own" },
    ]);
  });

  it("names questions by what they ask where nothing does, the same in every run", async () => {
    const lines = '{"prompt":"a"}\n{"prompt":"b"}\n{"prompt":"a"}\n';
    const [first, second] = [await read(lines), await read(lines)];
    const ids = first.map((each) => ("entry" in each ? each.entry.promptId : "repeats" in each ? "again" : ""));
    expect(ids[0]).toMatch(/^q-[0-9a-f]{16}$/);
    expect(ids[1]).not.toBe(ids[0]);
    expect(ids[2]).toBe("again");
    expect(second.map((each) => ("entry" in each ? each.entry.promptId : ""))[0]).toBe(ids[0]);
  });

  it("is read in gzip, in UTF-16 and with a byte order mark", async () => {
    const line = '\ufeff{"prompt":"Grüße"}\n';
    for (const content of [gzipSync(line), Buffer.from(line, "utf16le"), Buffer.from(line)]) {
      expect(await read(content)).toMatchObject([
        { entry: { asked: { question: { messages: [{ parts: [{ content: "Grüße" }] }] } } } },
      ]);
    }
  });

  it("that is not there is told by its name", async () => {
    const all = (async () => {
      for await (const _ of readCorpus("/nowhere/c.jsonl"));
    })();
    await expect(all).rejects.toThrow(
      /^\/nowhere\/c\.jsonl: cannot be read .*expected a file of one JSON object a line$/,
    );
  });
});
