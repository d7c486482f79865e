import { describe, expect, it } from "vitest";
import { createReplay } from "../../../formats/ask-again/replay-tools.ts";

const call = (name: string, args: string, result: string | null) => ({ name, arguments: args, result });

describe("the results of a served run", () => {
  it("are found by the tool's name and its arguments, whatever their order, blanks and spelling", () => {
    const replay = createReplay([call("find", '{"a":1,"b":"Berlin "}', "one"), call("find", '{"a":2}', "two")]);
    expect(replay("find", '{ "b": "berlin", "a": 1.0 }')).toBe("one");
    expect(replay("find", '{"a":2}')).toBe("two");
  });

  it.each([
    ["another tool", "look", '{"a":1}'],
    ["other arguments", "find", '{"a":3}'],
    ["more arguments", "find", '{"a":1,"b":2}'],
    ["a call whose result is not known", "open", "{}"],
  ])("have none for %s", (_what, name, args) => {
    expect(createReplay([call("find", '{"a":1}', "one"), call("open", "{}", null)])(name, args)).toBeNull();
  });

  it("come one after the other where the call was repeated, and the last one stays", () => {
    const replay = createReplay([call("poll", "", "busy"), call("poll", "{}", "done")]);
    expect([replay("poll", "{}"), replay("poll", ""), replay("poll", "{}")]).toEqual(["busy", "done", "done"]);
  });
});
