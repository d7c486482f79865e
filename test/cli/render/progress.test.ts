import { expect, it } from "vitest";
import { createProgress } from "../../../cli/render/progress.ts";

const onTerminal = (isTTY: boolean) => {
  const written: string[] = [];
  let now = 0;
  const print = (text: string) => void written.push(text);
  const terminal = { isTTY, print, control: (what: string) => print(`<${what}>`) };
  const progress = createProgress(terminal, () => now);
  return {
    written,
    progress,
    pass: (ms: number) => {
      now += ms;
    },
  };
};

it("shows how much is done and how long it will take, on one line that is taken away", () => {
  const { written, progress, pass } = onTerminal(true);
  pass(10_000);
  progress.show(0.25);
  progress.end();
  expect(written.join("")).toBe(
    `<startOfLine>${"█".repeat(8)}${"░".repeat(22)} 25%  30 s left<clearRest><startOfLine><clearRest>`,
  );
});

it("is not drawn more often than people can read, and never beyond its ends", () => {
  const { written, progress, pass } = onTerminal(true);
  for (let i = 0; i < 100; i++) {
    progress.show(i / 100);
    pass(10);
  }
  expect(written.filter((text) => text.includes("%"))).toHaveLength(10);
  pass(100);
  progress.show(7);
  expect(written.join("")).toContain("100%");
});

it("writes nothing where there is no terminal", () => {
  const { written, progress } = onTerminal(false);
  progress.show(0.5);
  progress.end();
  expect(written).toEqual([]);
});
