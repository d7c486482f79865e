import { describe, expect, it } from "vitest";
import { roleOf } from "../../../store/embedded/users.ts";

describe("roleOf", () => {
  const passwords = { admin: "the secret", reader: "the reader's" };

  it.each([
    ["reader", "the reader's", "reader"],
    ["reader", "", null],
    ["reader", "the secret", null],
    ["reader", "anything", null],
    ["default", "", null],
    ["default", "the reader's", null],
    ["", "", null],
    ["", "the reader's", null],
    ["leeway", "the secret", "admin"],
    ["leeway", "the reader's", null],
    ["leeway", "", null],
    ["leeway", "the secret ", null],
    ["root", "the secret", null],
  ])("user %j with password %j is %s", (user, password, role) => {
    expect(roleOf(user, password, passwords)).toBe(role);
  });
});
