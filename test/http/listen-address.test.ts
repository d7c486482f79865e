import { describe, expect, it } from "vitest";
import { isLoopback, urlOf } from "../../http/listen-address.ts";

describe("a listen address", () => {
  it.each([
    ["127.0.0.1", true],
    ["127.8.9.1", true],
    ["localhost", true],
    ["::1", true],
    ["0.0.0.0", false],
    ["::", false],
    ["192.168.1.7", false],
    ["127.example.com", false],
  ])("knows that %s is on this machine alone: %s", (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });

  it.each([
    ["127.0.0.1", "http://127.0.0.1:4318"],
    ["0.0.0.0", "http://127.0.0.1:4318"],
    ["::", "http://[::1]:4318"],
    ["::1", "http://[::1]:4318"],
  ])("is reached from this machine, bound to %s, at %s", (host, url) => {
    expect(urlOf({ host, port: 4318 })).toBe(url);
  });
});
