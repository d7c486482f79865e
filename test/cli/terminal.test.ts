import { describe, expect, it } from "vitest";
import { createTerminal, type OutputStream } from "../../cli/terminal.ts";
import { HOSTILE_TEXT, OBEYED } from "../fixtures/hostile-text.ts";

/** A stream that a test makes fail or blocks. */
const scripted = () => {
  const written: string[] = [];
  const state = { backlog: 0, error: null as Error | null, throws: false };
  let listener: (error: Error) => void = () => undefined;
  const stream: OutputStream = {
    isTTY: true,
    get writableLength() {
      return state.backlog;
    },
    write: (text, done) => {
      if (state.throws) throw new Error("write after end");
      if (state.error === null) written.push(text);
      done(state.error);
      if (state.error !== null) listener(state.error);
    },
    on: (_event, given) => {
      listener = given;
    },
  };
  return { stream, written, state, fail: (error: Error) => listener(error) };
};

const coded = (code: string): Error => Object.assign(new Error(`write ${code}`), { code });

describe("a terminal", () => {
  it("prints text without what a terminal would obey, and only the product's own sequences beside it", () => {
    const { stream, written } = scripted();
    const terminal = createTerminal(stream);
    terminal.print(`${HOSTILE_TEXT}\n`);
    expect(written.join("")).not.toMatch(OBEYED);
    terminal.control("clearScreen");
    terminal.control("startOfLine");
    terminal.control("clearRest");
    expect(written.slice(1)).toEqual(["\u001b[2J\u001b[H", "\r", "\u001b[K"]);
  });

  it("is closed by a reader that goes away, and prints on into nothing", () => {
    const { stream, state, written } = scripted();
    const failures: Error[] = [];
    const terminal = createTerminal(stream, (error) => failures.push(error));
    state.error = coded("EPIPE");
    terminal.print("one\n");
    expect(terminal.isClosed()).toBe(true);
    terminal.print("two\n");
    terminal.control("clearScreen");
    expect([written, failures]).toEqual([[], []]);
  });

  it("tells of any other error, and goes on", () => {
    const { stream, state, written } = scripted();
    const failures: string[] = [];
    const terminal = createTerminal(stream, ({ message }) => failures.push(message));
    state.error = coded("ENOSPC");
    terminal.print("one\n");
    state.error = null;
    terminal.print("two\n");
    expect([written, failures, terminal.isClosed()]).toEqual([["two\n"], ["write ENOSPC"], false]);
  });

  it("survives a stream that throws", () => {
    const { stream, state } = scripted();
    state.throws = true;
    const terminal = createTerminal(stream);
    terminal.print("one\n");
    let told: Error | null | undefined;
    terminal.write("two\n", (error) => {
      told = error;
    });
    expect(told?.message).toBe("write after end");
  });

  it("keeps a bounded backlog for a reader that does not read, and counts the lines it missed", () => {
    const { stream, state, written } = scripted();
    const terminal = createTerminal(stream);
    state.backlog = 2 * 1024 ** 2;
    for (let n = 0; n < 1000; n += 1) terminal.print("one\ntwo\n");
    expect(written).toEqual([]);
    state.backlog = 0;
    terminal.print("three\n");
    terminal.print("four\n");
    expect(written).toEqual(["leeway: 2000 lines were not printed: nobody read them\n", "three\n", "four\n"]);
  });

  it("says of a notice whether it was taken", () => {
    const { stream, state } = scripted();
    const terminal = createTerminal(stream);
    const outcomes: unknown[] = [];
    const note = (error?: Error | null): void =>
      void outcomes.push(error ? (error as { code?: string }).code : "written");
    terminal.write("a\n", note);
    state.backlog = 2 * 1024 ** 2;
    terminal.write("b\n", note);
    expect(outcomes).toEqual(["written", "EAGAIN"]);
  });
});
