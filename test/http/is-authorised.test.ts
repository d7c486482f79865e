import { describe, expect, it } from "vitest";
import { bearerToken, isAuthorised } from "../../http/is-authorised.ts";

describe("a bearer token", () => {
  it.each([
    ["Bearer abc", "abc"],
    ["bearer   abc ", "abc"],
    ["Bearer ", null],
    ["Bearerabc", null],
    ["Basic abc", null],
    ["", null],
    [undefined, null],
  ])("of %j is %j", (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });
});

describe("whoever asks", () => {
  it.each([
    ["anything", null, true],
    [null, null, true],
    ["abc", "abc", true],
    ["abd", "abc", false],
    ["ab", "abc", false],
    ["", "abc", false],
    [null, "abc", false],
  ])("presents %j where %j is asked for: %j", (given, token, may) => {
    expect(isAuthorised(given, token)).toBe(may);
  });
});
