import { describe, expect, it } from "vitest";
import { refuseForeign } from "../../http/refuse-foreign.ts";

const KNOWN = { hosts: ["host.docker.internal"] };

describe("refuseForeign", () => {
  it.each([
    "127.0.0.1:4318",
    "127.0.0.1",
    "localhost:8123",
    "LOCALHOST:8123",
    "[::1]:4320",
    "[::1]",
    "host.docker.internal:4318",
  ])("answers a program that addresses %s", (host) => {
    expect(refuseForeign({ host }, KNOWN)).toBeNull();
  });

  it.each([
    "attacker.example",
    "attacker.example:4318",
    "127.0.0.1.attacker.example",
    "localhost.attacker.example:80",
    "localhost.",
    "0.0.0.0:4318",
    "2130706433",
    "metadata.internal",
    "",
    "127.0.0.1:4318@attacker.example",
    "[::ffff:127.0.0.1]:4318",
  ])("refuses the host %j and says what to do", (host) => {
    expect(refuseForeign({ host }, KNOWN)).toMatch(/is not known here; use 127\.0\.0\.1/);
  });

  it("refuses a request without a Host", () => {
    expect(refuseForeign({}, KNOWN)).toMatch(/host "" is not known/);
  });

  it.each(["none", "same-origin"])("answers a browser's own request, Sec-Fetch-Site %s", (site) => {
    expect(refuseForeign({ host: "127.0.0.1:4320", "sec-fetch-site": site }, KNOWN)).toBeNull();
  });

  it.each(["cross-site", "same-site", "anything"])("refuses a page, Sec-Fetch-Site %s", (site) => {
    expect(refuseForeign({ host: "127.0.0.1:4320", "sec-fetch-site": site }, KNOWN)).toMatch(/web pages/);
  });

  it.each(["http://127.0.0.1:4320", "https://127.0.0.1:4320"])("answers a page of its own, Origin %s", (origin) => {
    expect(refuseForeign({ host: "127.0.0.1:4320", origin }, KNOWN)).toBeNull();
  });

  it.each([
    "https://attacker.example",
    "null",
    "http://127.0.0.1:9999",
    "http://localhost:4320",
    "",
    "//127.0.0.1:4320",
  ])("refuses the Origin %j", (origin) => {
    expect(refuseForeign({ host: "127.0.0.1:4320", origin }, KNOWN)).toMatch(/web pages/);
  });
});
