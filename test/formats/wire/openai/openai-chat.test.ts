import { describe, expect, it } from "vitest";
import { openaiChat } from "../../../../formats/wire/openai/openai-chat.ts";
import { readStream, seesContent } from "../read-stream.ts";

const event = (delta: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: "c1", model: "m-1", system_fingerprint: "fp", choices: [{ index: 0, delta, finish_reason: null, ...more }] })}\n\n`;
const END = event({}, { finish_reason: "stop" });
const DONE = "data: [DONE]\n\n";
const factsOf = (...pieces: (string | Uint8Array)[]) => readStream(openaiChat, pieces);

describe("a streamed chat completion", () => {
  it("puts an answer together", () => {
    const usage = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 4 } } })}\n\n`;
    expect(
      factsOf(
        event({ role: "assistant", content: "" }),
        event({ content: "Hel" }),
        event({ content: "lo" }),
        END,
        usage,
        DONE,
      ),
    ).toEqual({
      id: "c1",
      model: "m-1",
      fingerprint: "fp",
      finishReasons: ["stop"],
      usage: { input: 9, output: 3, cached: 4 },
      answer: { text: "Hello", chars: 5, refusal: null, finishReason: "stop", toolCalls: [], meanLogprob: null },
      complete: true,
      error: null,
      attributes: {},
    });
  });

  it("does not care where the network cut the text", () => {
    const whole = event({ content: "grüße" }) + event({ content: " ✓" }).replaceAll("\n", "\r\n") + END + DONE;
    const expected = factsOf(whole);
    const bytes = new TextEncoder().encode(whole);
    for (let at = 1; at < bytes.length; at += 1) expect(factsOf(bytes.slice(0, at), bytes.slice(at))).toEqual(expected);
    expect(factsOf(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it("joins the pieces of tool calls by their index", () => {
    const call = (index: number, id: string | undefined, fn: object) =>
      event({ tool_calls: [{ index, id, function: fn }] });
    const { answer } = factsOf(
      call(0, "a", { name: "find", arguments: "" }),
      call(0, undefined, { arguments: '{"id"' }),
      call(1, "b", { name: "list", arguments: "{}" }),
      call(0, undefined, { arguments: ":1}" }),
      call(9_999_999, "c", { name: "absurd", arguments: "" }),
    );
    expect(answer?.toolCalls).toEqual([
      { name: "find", arguments: '{"id":1}' },
      { name: "list", arguments: "{}" },
    ]);
    expect(answer?.text).toBeNull();
  });

  it.each([
    ["a finish reason but no [DONE]", [event({ content: "a" }), END], true, ["stop"]],
    ["[DONE] but no finish reason", [event({ content: "a" }), DONE], true, ["error"]],
    ["neither", [event({ content: "a" })], false, ["error"]],
    ["a last event without a blank line", [event({ content: "a" }), END.trimEnd()], true, ["stop"]],
    ["comments, other fields and noise", [": ping\n\nevent: x\nid: 1\n", "data: not json\n\n", END], true, ["stop"]],
    ["nothing", [], false, []],
  ])("judges whether the answer is whole: %s", (_name, pieces, complete, finishReasons) => {
    expect(factsOf(...pieces)).toMatchObject({ complete, finishReasons });
  });

  it.each([
    [{ code: "rate_limit_exceeded", type: "requests", message: "SECRET" }, "rate_limit_exceeded"],
    [{ code: null, type: "server_error", message: "SECRET" }, "server_error"],
    [{ message: "SECRET" }, "provider_error"],
    [{ code: "has SECRET text in it" }, "provider_error"],
    ["SECRET", "provider_error"],
  ])("keeps an identifier, never the message, of an error in the stream: %j", (error, expected) => {
    const facts = factsOf(event({ content: "a" }), `data: ${JSON.stringify({ error })}\n\n`);
    expect(facts).toMatchObject({ error: expected, complete: false });
    expect(JSON.stringify(facts)).not.toContain("SECRET");
  });

  it("keeps at most a million characters of an answer, and counts them all", () => {
    const { answer } = factsOf(...Array.from({ length: 30 }, () => event({ content: "x".repeat(50_000) })));
    expect(answer?.chars).toBe(1_500_000);
    expect(answer?.text?.length).toBe(1024 * 1024);
  });
});

describe("first content", () => {
  it.each([
    ["the opening delta", event({ role: "assistant", content: "", refusal: null }), false],
    ["text", event({ content: "H" }), true],
    ["text that begins with a quote", event({ content: '"' }), true],
    ["spaces around the colon", 'data: {"delta": {"content" : "H"}}\n\n', true],
    ["a tool call", event({ tool_calls: [{ index: 0, function: { name: "f" } }] }), true],
    ["reasoning", event({ reasoning_content: "H" }), true],
    ["usage only", 'data: {"choices":[],"usage":{}}\n\n', false],
  ])("is, or is not, %s", (_name, text, expected) => {
    expect(seesContent(openaiChat, [text])).toBe(expected);
    expect(seesContent(openaiChat, [...text])).toBe(expected);
  });
});
