import type { ReceiverServer } from "../../../demo/receiver-server.ts";
import type { ChannelUnderTest } from "./channel-contract.ts";

const RETRIED = [408, 429, 500, 502, 503, 504];
const FINAL = [400, 401, 403, 404, 405, 410, 422];

/** What can go wrong with any HTTP receiver. The answers repeat the address and the secrets, as some proxies do. */
export const httpSituations = (
  server: ReceiverServer,
  secrets: readonly string[],
  elsewhere: ReceiverServer,
): ChannelUnderTest["situations"] => {
  const body = `error at ${server.url} ${secrets.join(" ")}\n<html>`;
  const answering = (status: number, outcome: "retry" | "failed") => ({
    name: `HTTP ${status}`,
    arrange: () => server.behave({ status, body }),
    outcome,
  });
  return [
    ...RETRIED.map((status) => answering(status, "retry")),
    ...FINAL.map((status) => answering(status, "failed")),
    ...[301, 302, 307, 308].map((status) => ({
      name: `redirect ${status}`,
      arrange: () => server.behave({ status, body, headers: { location: elsewhere.url } }),
      outcome: "failed" as const,
    })),
    { name: "connection reset", arrange: () => server.behave("reset"), outcome: "retry" },
    {
      name: "an endless error page",
      arrange: () => server.behave({ status: 503, body: "x".repeat(5_000_000) }),
      outcome: "retry",
    },
  ];
};
