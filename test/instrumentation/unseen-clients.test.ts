import { channel } from "node:diagnostics_channel";
import { describe, expect, it } from "vitest";
import { createTellUnseen, watchHttp2 } from "../../instrumentation/unseen-clients.ts";
import { hookedFetch } from "./fetch/chat-setup.ts";

describe("a client that cannot be read", () => {
  const printed: string[] = [];
  const { observer, errors } = hookedFetch();
  watchHttp2(
    observer,
    createTellUnseen((line) => void printed.push(line)),
  );
  const call = (authority: string, path: string, method = "POST"): void =>
    channel("http2.client.stream.created").publish({
      headers: { ":method": method, ":authority": authority, ":path": path },
    });

  it("is told once, with what to do, where it calls a model of a known provider", () => {
    call("app.test", "/v1/chat/completions");
    call("api.openai.com", "/v1/files");
    call("api.openai.com", "/v1/chat/completions", "GET");
    observer.inside(() => call("api.openai.com", "/v1/chat/completions"));
    channel("http2.client.stream.created").publish({});
    expect(printed).toEqual([]);
    call("api.openai.com", "/v1/chat/completions?secret=1");
    call("api.anthropic.com", "/v1/messages");
    expect(printed).toEqual([
      "leeway: api.openai.com is called by node:http2, whose calls cannot be read: use fetch or HTTP/1.1 for it",
    ]);
    expect(errors).toEqual([]);
  });
});
