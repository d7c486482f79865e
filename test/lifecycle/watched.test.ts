import { describe, expect, it } from "vitest";
import { NOT_STARTED } from "../../lifecycle/state.ts";
import { endsWith, overTopic, watchedTopic } from "../../lifecycle/watched.ts";
import { aRollback } from "../fixtures/a-rollback.ts";

const told = (...pagedFor: readonly string[]) => ({ ...NOT_STARTED, pagedFor });

describe("a trouble that comes and goes", () => {
  it.each<[string, readonly string[], string, boolean]>([
    ["was never told", [], "blind:1", false],
    ["was told", ["blind:1"], "blind:1", true],
    ["is over", ["blind:1", "blind:1:over"], "blind:2", false],
    ["came again", ["blind:1", "blind:1:over", "blind:2"], "blind:2", true],
    ["is another", ["blindly:1", "blindly:1:over", "x"], "blind:1", false],
  ])("that %s", (_what, pagedFor, topic, isOpen) => {
    expect(watchedTopic(told(...pagedFor), "blind")).toMatchObject({ topic, isOpen });
  });

  it("ends all that people are called for when nothing else is open", () => {
    expect(overTopic("blind:1")).toBe("blind:1:over");
    expect(endsWith(told("blind:1"), "blind:1")).toBe("all");
    expect(endsWith(told("flag:1", "flag:1:over", "blind:1"), "blind:1")).toBe("all");
  });

  it.each([
    ["another trouble", told("flag:1", "blind:1")],
    ["a page of another kind", told("no-baseline:0:1", "blind:1")],
    ["a pause", { ...told("blind:1"), isPaused: true }],
    ["a rollback", { ...told("blind:1"), rollback: aRollback() }],
  ])("ends alone beside %s", (_what, state) => {
    expect(endsWith(state, "blind:1")).toBe("this");
  });
});
