import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createOtlpSender } from "../../instrumentation/export/otlp-sender.ts";
import { createSpanQueue } from "../../instrumentation/export/span-queue.ts";
import { aCertificate } from "../http/a-certificate.ts";
import { runProcess } from "../package/run-process.ts";
import { chatSpan, jsonRequest } from "./otlp-request.ts";
import { startCollector } from "./start-collector.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const encode = (batch: readonly number[]): Uint8Array =>
  Buffer.from(JSON.stringify(jsonRequest(batch.map((n) => chatSpan(n)))));

/** The preload's queue and sender, for spans that are numbers. */
const exporterTo = (endpoint: string) => {
  const { sendEncoded } = createOtlpSender({ endpoint, token: null, timeoutMs: 10_000 }, { now: Date.now });
  const failures: (string | null)[] = [];
  const queue = createSpanQueue<number>(
    { maxQueue: 10_000, batchSize: 50, delayMs: 5, minBackoffMs: 5, maxBackoffMs: 50 },
    {
      send: (batch) => sendEncoded(encode(batch), batch.length),
      spool: () => false,
      tick: () => performance.now(),
      random: Math.random,
      later: (run, ms) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      onAttempt: (failure) => void failures.push(failure),
      onInternalError: (error) => {
        throw error;
      },
    },
  );
  return { queue, failures, send: sendEncoded };
};

test("the preload's exporter comes again when it is refused for a while, and loses nothing", async () => {
  const command = Promise.withResolvers<void>();
  const { collector, post, rows } = await startCollector({}, { clear: () => command.promise });
  const others = Array.from({ length: 256 }, (_, n) => post("/v1/traces", jsonRequest([chatSpan(100_000 + n)])));
  await expect.poll(() => collector.stats().admission.requests).toBe(256);

  const { queue, failures, send } = exporterTo(collector.url);
  expect(await send(encode([1]), 1)).toEqual({ outcome: "retry", why: expect.any(String), retryAfterMs: 1_000 });
  for (let n = 0; n < 400; n += 1) queue.add(n);
  await expect.poll(() => failures.length).toBeGreaterThan(2);
  expect(new Set(failures)).not.toContain(null);
  command.resolve();
  await Promise.all(others);
  await expect.poll(() => queue.counts().sent).toBe(400);
  await collector.flush();
  expect(rows()).toHaveLength(656);
  expect(Object.values(queue.counts().dropped).every((count) => count === 0)).toBe(true);
});

const SENDER = fileURLToPath(new URL("../../instrumentation/export/otlp-sender.ts", import.meta.url));

test("the preload's exporter sends over https what NODE_EXTRA_CA_CERTS vouches for, and to nobody else", async () => {
  const { cert, key } = aCertificate();
  const folder = await temporaryDirectory();
  const tls = { cert: join(folder, "a.crt"), key: join(folder, "a.key") };
  writeFileSync(tls.cert, cert);
  writeFileSync(tls.key, key);
  const { collector, rows } = await startCollector({ tls }, { now: Date.now });
  expect(collector.url).toMatch(/^https:/);
  const settings = JSON.stringify({ endpoint: collector.url, token: null, timeoutMs: 10_000 });
  const script = `import { createOtlpSender } from ${JSON.stringify(SENDER)};
    const { sendEncoded } = createOtlpSender(${settings}, { now: Date.now });
    // the exporter keeps no process alive
    const alive = setInterval(() => undefined, 1000);
    console.log(JSON.stringify(await sendEncoded(Buffer.from(process.argv[1]), 1)));
    clearInterval(alive);`;
  const send = async (env: Readonly<Record<string, string>>): Promise<unknown> => {
    const args = ["--input-type=module", "-e", script, Buffer.from(encode([1])).toString()];
    const { stdout, stderr } = await runProcess(process.execPath, args, { cwd: folder, env });
    return stdout === "" ? stderr : JSON.parse(stdout);
  };
  expect(await send({})).toMatchObject({ outcome: "retry", why: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  expect(await send({ NODE_EXTRA_CA_CERTS: tls.cert })).toEqual({ outcome: "sent", rejected: 0 });
  await collector.flush();
  expect(rows()).toHaveLength(1);
});
