import { describe, expect, it } from "vitest";
import { roleOf } from "../../../store/embedded/users.ts";

describe("roleOf", () => {
  it.each([
    ["reader", "", "reader"],
    ["reader", "anything", "reader"],
    ["default", "", "reader"],
    ["", "", "reader"],
    ["leeway", "the secret", "admin"],
    ["leeway", "", null],
    ["leeway", "the secret ", null],
    ["root", "the secret", null],
  ])("user %j with password %j is %s", (user, password, role) => {
    expect(roleOf(user, password, "the secret")).toBe(role);
  });
});
