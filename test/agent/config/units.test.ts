import { describe, expect, it } from "vitest";
import { bytes, duration, listenAddress } from "../../../agent/config/units.ts";
import { parseDuration, parsePercent } from "../../../core/parse-amount.ts";

const refusalOf = (result: { readonly error?: { readonly issues: readonly { readonly message: string }[] } }): string =>
  result.error?.issues[0]?.message ?? "accepted";

describe("durations", () => {
  it.each([
    ["200ms", 200],
    ["5s", 5_000],
    ["1.5s", 1_500],
    ["4h", 14_400_000],
    ["14d", 1_209_600_000],
    [" 2 m ", 120_000],
  ])("reads %s as %d ms", (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(["5", "s", "-5s", "5 sec", "1h30m", "", "5S", "0x5s"])("does not guess what %j means", (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it.each([[5], [null], [undefined], [["5s"]]])("refuses %j, which is no text", (value) => {
    expect(refusalOf(duration.safeParse(value))).toMatch(/; expected a duration such as 200ms/);
  });
});

describe("percentages", () => {
  it.each([
    ["5%", 0.05],
    ["7%", 0.07],
    ["0.1%", 0.001],
    ["100 %", 1],
  ])("reads %s as exactly %d", (text, share) => expect(parsePercent(text)).toBe(share));

  it.each(["5", "-5%", "5%%", "%", "five%"])("does not read %j", (text) => expect(parsePercent(text)).toBeNull());
});

describe("sizes", () => {
  it.each([
    ["64B", 64],
    ["1.5KiB", 1_536],
    ["2GiB", 2 * 1024 ** 3],
  ])("reads %s as %d bytes", (text, size) => expect(bytes.parse(text)).toBe(size));

  it.each(["2GB", "2", "2 gib"])("refuses %j, which could mean two things", (text) => {
    expect(refusalOf(bytes.safeParse(text))).toMatch(/expected a size such as 64MiB/);
  });
});

describe("addresses to listen on", () => {
  it.each([
    ["127.0.0.1:4318", "127.0.0.1", 4318],
    ["localhost:0", "localhost", 0],
    ["[::1]:4320", "::1", 4320],
  ])("reads %s", (text, host, port) => expect(listenAddress.parse(text)).toEqual({ host, port }));

  it.each(["4318", "127.0.0.1", "127.0.0.1:70000", "::1:4320", "host name:1", 4318])("refuses %j", (value) => {
    expect(refusalOf(listenAddress.safeParse(value))).toMatch(/expected host:port/);
  });
});
