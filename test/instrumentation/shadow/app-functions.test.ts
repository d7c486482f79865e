import { describe, expect, it } from "vitest";
import { createAppFunctions } from "../../../instrumentation/shadow/app-functions.ts";

const run = async (): Promise<string> => "an answer";
const embed = async (): Promise<number[][]> => [];

describe("functions that an app gives for its shadows", () => {
  it("are known by migration, until they are taken back", () => {
    const functions = createAppFunctions(() => undefined);
    const back = functions.register("bot", { run, embed });
    expect(functions.runOf("bot", "candidate")).toEqual({ run, unit: "call" });
    expect(functions.embedOf("bot")).not.toBeNull();
    expect([functions.runOf("other", "candidate"), functions.embedOf("other")]).toEqual([null, null]);
    back();
    back();
    expect([functions.runOf("bot", "candidate"), functions.embedOf("bot")]).toEqual([null, null]);
  });

  it("may be given one by one", () => {
    const lines: string[] = [];
    const functions = createAppFunctions((line) => void lines.push(line));
    functions.register("bot", { run, unit: "run" });
    const back = functions.register("bot", { embed });
    back();
    expect(functions.runOf("bot", "candidate")).toEqual({ run, unit: "run" });
    expect(lines).toEqual([]);
  });

  it("count the latest of two, which is said once; taking the first back leaves the second", () => {
    const lines: string[] = [];
    const functions = createAppFunctions((line) => void lines.push(line));
    const other = async (): Promise<string> => "another";
    const back = functions.register("bot", { run });
    functions.register("bot", { run: other });
    back();
    expect(functions.runOf("bot", "candidate")?.run).toBe(other);
    functions.register("bot", { run });
    expect(lines).toEqual(['leeway: shadow("bot") was given `run` more than once: the latest one counts']);
  });

  it("are told once to be for no migration, when somebody says which there are", () => {
    const lines: string[] = [];
    const functions = createAppFunctions((line) => void lines.push(line));
    functions.register("bto", { run });
    functions.register("bot", { embed });
    functions.know(["bot", "search"]);
    functions.know(["bot"]);
    expect(lines).toEqual([
      'leeway: shadow("bto") does nothing: the agent has no migration of that name for this app\'s service; it has: bot, search',
    ]);
  });
});
