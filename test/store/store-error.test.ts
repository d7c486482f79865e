import { ClickHouseError } from "@clickhouse/client";
import { describe, expect, it } from "vitest";
import { LeewayError } from "../../core/errors.ts";
import { storeError } from "../../store/store-error.ts";

const clickHouse = (code: string, type: string): ClickHouseError =>
  new ClickHouseError({ code, type, message: "near 'secret' \n second line" });

describe("storeError", () => {
  it.each([
    ["a connection that failed", new Error("connect ECONNREFUSED"), "store-unavailable"],
    ["a full disk", clickHouse("243", "NOT_ENOUGH_SPACE"), "store-unavailable"],
    ["a memory limit", clickHouse("241", "MEMORY_LIMIT_EXCEEDED"), "store-unavailable"],
    ["too many parts", clickHouse("252", "TOO_MANY_PARTS"), "store-unavailable"],
    ["a syntax error", clickHouse("62", "SYNTAX_ERROR"), "store-query"],
    ["rows that do not parse", clickHouse("27", "CANNOT_PARSE_INPUT_ASSERTION_FAILED"), "store-query"],
  ])("%s is %s", (_name, error, code) => {
    expect(storeError(error, "store", false)).toMatchObject({ code });
  });

  it("leaves the engine's text out where it may quote rows, in the message and in the cause", () => {
    const error = storeError(clickHouse("27", "CANNOT_PARSE"), "llm_spans", true);
    expect(error.message).toBe("llm_spans: ClickHouse refused the rows; code 27 CANNOT_PARSE");
    expect(error.cause).toBeUndefined();
  });

  it("is one line and keeps an error that is the product's own", () => {
    expect(storeError(clickHouse("62", "SYNTAX_ERROR"), "store", false).message).not.toContain("\n");
    const own = new LeewayError("store-query", "own");
    expect(storeError(own, "store", false)).toBe(own);
  });
});
