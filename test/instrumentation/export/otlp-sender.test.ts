import type { RequestListener } from "node:http";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NO_COUNTS } from "../../../instrumentation/export/export-counts.ts";
import { createOtlpSender, type OtlpSender } from "../../../instrumentation/export/otlp-sender.ts";
import { createResource } from "../../../instrumentation/export/resource.ts";
import { createSpanRecorder } from "../../../instrumentation/export/span-recorder.ts";
import { listen, type OtlpReceiver, startOtlpReceiver } from "../otlp-receiver.ts";

const resource = createResource({ env: {}, mainFile: undefined, instanceId: "i", hostName: "h", pid: 1 });
const spansOf = (count: number): ReadableSpan[] => {
  const { report } = createSpanRecorder({ resource, maxAttributeChars: 100, attributesOf: () => ({}) }, () => {});
  return Array.from({ length: count }, (_, made) => report({ ...NO_COUNTS, made }, Date.now()));
};

/** What a `Retry-After` that is a date is counted from. */
const NOW = Date.parse("2026-11-29T12:00:00Z");

const sending =
  ({ encode, sendEncoded }: OtlpSender) =>
  (batch: readonly ReadableSpan[]) =>
    sendEncoded(encode(batch) ?? new Uint8Array(), batch.length);

describe("the OTLP sender", () => {
  let receiver: OtlpReceiver;
  beforeEach(async () => {
    receiver = await startOtlpReceiver();
  });
  afterEach(() => receiver.close());
  const sender = (timeoutMs = 2000, token: string | null = null) =>
    sending(createOtlpSender({ endpoint: receiver.url, token, timeoutMs }, { now: () => NOW }));

  it("sends batches one after another over one kept connection, each once", async () => {
    const send = sender();
    for (let batch = 0; batch < 5; batch += 1) {
      expect(await send(spansOf(3))).toEqual({ outcome: "sent", rejected: 0 });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(receiver.spans).toHaveLength(15);
    expect(receiver.requests).toHaveLength(5);
  });

  it("sends the token, and nothing of the app's own exporter settings", async () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: "api-key=SECRET", OTEL_EXPORTER_OTLP_COMPRESSION: "gzip", OTHER: "1" };
    const saved = { ...process.env };
    Object.assign(process.env, env);
    try {
      await sender(2000, "t0ken")(spansOf(1));
      expect(process.env).toMatchObject(env);
    } finally {
      process.env = saved;
    }
    const headers = receiver.requests[0]?.headers ?? {};
    expect(headers.authorization).toBe("Bearer t0ken");
    expect(headers["content-encoding"]).toBeUndefined();
    expect(JSON.stringify(headers)).not.toContain("SECRET");
  });

  it.each([
    [400, undefined, { outcome: "refused" }],
    [413, undefined, { outcome: "refused" }],
    [401, undefined, { outcome: "retry" }],
    [404, undefined, { outcome: "retry" }],
    [408, undefined, { outcome: "retry" }],
    [500, undefined, { outcome: "retry" }],
    [503, undefined, { outcome: "retry" }],
    [429, { "retry-after": "7" }, { outcome: "retry", why: "it asked to wait", retryAfterMs: 7000 }],
    [503, { "retry-after": "Sun, 29 Nov 2026 12:00:30 GMT" }, { outcome: "retry", retryAfterMs: 30_000 }],
    [503, { "retry-after": "Sun, 29 Nov 2026 11:59:30 GMT" }, { outcome: "retry", why: "503", retryAfterMs: null }],
    [503, { "retry-after": "soon" }, { outcome: "retry", why: "503", retryAfterMs: null }],
    [302, { location: "http://127.0.0.1:9/" }, { outcome: "retry", why: "302" }],
  ])("judges HTTP %i, in one request", async (status, headers, expected) => {
    receiver.answer = () => ({ status, ...(headers && { headers }) });
    expect(await sender()(spansOf(2))).toMatchObject(expected);
    expect(receiver.requests).toHaveLength(1);
  });

  it("counts spans a collector rejected with status 200", async () => {
    receiver.answer = () => ({ status: 200, body: '{"partialSuccess":{"rejectedSpans":"2"}}' });
    expect(await sender()(spansOf(5))).toEqual({ outcome: "sent", rejected: 2 });
  });

  it.each<[string, RequestListener]>([
    [
      "breaks off",
      (_, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write('{"partialSuccess":', () => response.destroy());
      },
    ],
    [
      "never ends",
      (_, response) => {
        response.writeHead(200);
        const more = (): void => void response.write(Buffer.alloc(16_384, " "), more);
        more();
      },
    ],
    ["is no JSON", (_, response) => void response.end("thanks")],
  ])("takes a batch that was taken for sent where the answer %s", async (_, answer) => {
    const odd = await listen(answer);
    const collaborators = { now: () => NOW };
    const send = sending(createOtlpSender({ endpoint: odd.url, token: null, timeoutMs: 10_000 }, collaborators));
    expect(await send(spansOf(2))).toEqual({ outcome: "sent", rejected: 0 });
    await odd.close();
  });

  it("says at once that nobody listens", async () => {
    const send = sender(10_000);
    await receiver.close();
    const start = performance.now();
    expect(await send(spansOf(1))).toMatchObject({ outcome: "retry", why: "ECONNREFUSED" });
    expect(performance.now() - start).toBeLessThan(700);
    receiver = await startOtlpReceiver();
  });

  it("gives up on a collector that never answers", async () => {
    const silent = await listen(() => {});
    const send = sending(createOtlpSender({ endpoint: silent.url, token: null, timeoutMs: 50 }, { now: () => NOW }));
    expect(await send(spansOf(1))).toMatchObject({ outcome: "retry", why: "Request timed out" });
    await silent.close();
  });

  it("puts a batch into one line that can be sent as it is, later", async () => {
    const { encode, sendEncoded } = createOtlpSender(
      { endpoint: receiver.url, token: null, timeoutMs: 2000 },
      { now: () => NOW },
    );
    const data = encode(spansOf(3)) ?? new Uint8Array();
    expect(Buffer.from(data).includes("\n")).toBe(false);
    receiver.answer = () => ({ status: 200, body: '{"partialSuccess":{"rejectedSpans":"1"}}' });
    expect(await sendEncoded(data, 3)).toEqual({ outcome: "sent", rejected: 1 });
    expect(receiver.spans).toHaveLength(3);
  });

  it("says that spans cannot be put into words", () => {
    const broken = spansOf(1).map((span) => ({ ...span, spanContext: null })) as unknown as ReadableSpan[];
    expect(
      createOtlpSender({ endpoint: receiver.url, token: null, timeoutMs: 2000 }, { now: () => NOW }).encode(broken),
    ).toBeNull();
  });
});
