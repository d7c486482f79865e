// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana's own placeholders
import { describe, expect, it } from "vitest";
import { expandMacros, type QueryScope } from "./expand-macros.ts";

const scope: QueryScope = {
  from: 1_700_000_000_500,
  to: 1_700_000_060_999,
  intervalMs: 90_000,
  variables: { migration: "it's", service: ["a", "b"], everything: "$__all", empty: [] },
};

describe("expandMacros", () => {
  it.each([
    ["$__timeFilter(at)", "at >= toDateTime(1700000000) AND at <= toDateTime(1700000060)"],
    [
      "$__timeFilter_ms(f(a, b))",
      "f(a, b) >= fromUnixTimestamp64Milli(1700000000500) AND f(a, b) <= fromUnixTimestamp64Milli(1700000060999)",
    ],
    ["$__fromTime", "toDateTime(1700000000)"],
    ["$__toTime + 1", "toDateTime(1700000060) + 1"],
    ["$__toTime_ms", "fromUnixTimestamp64Milli(1700000060999)"],
    ["$__timeInterval(slot)", "toStartOfInterval(toDateTime(slot), INTERVAL 90 second)"],
    ["$__interval_s", "90"],
    ["$__dateFilter(d)", "d >= toDate('2023-11-14') AND d <= toDate('2023-11-14')"],
    ["m = ${migration:singlequote}", "m = 'it\\'s'"],
    ["s IN (${service:singlequote})", "s IN ('a','b')"],
    ["$__conditionalAll(s IN (${service:singlequote}), $service)", "s IN ('a','b')"],
    ["$__conditionalAll(s IN (${everything:singlequote}), $everything)", "1=1"],
    ["$__conditionalAll(s IN (${empty:singlequote}), $empty)", "1=1"],
  ])("turns %s into %s", (sql, expanded) => {
    expect(expandMacros(sql, scope)).toBe(expanded);
  });

  it("keeps intervals at a second or more", () => {
    expect(expandMacros("$__interval_s", { ...scope, intervalMs: 20 })).toBe("1");
  });

  it.each([
    ["$__nothing(a)", "unknown macro"],
    ["$__timeFilter(a, b)", "takes 1 arguments"],
    ["$__timeFilter(a", "unbalanced"],
    ["$__conditionalAll(a, ${service})", "plain $variable"],
    ["${typo:singlequote}", "undeclared variable"],
  ])("refuses %s", (sql, message) => {
    expect(() => expandMacros(sql, scope)).toThrow(message);
  });
});
