import { expect, it } from "vitest";
import { createPrecedence } from "../../agent/precedence.ts";

const note = (seen: string[], word: string) => (): void => void seen.push(word);
const still = (): number => 0;

/** True when ingest would work now. */
const isClear = async (clear: () => Promise<void>): Promise<boolean> => {
  let cleared = false;
  void clear().then(() => {
    cleared = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return cleared;
};

it("keeps nobody waiting while there is no command", async () => {
  await createPrecedence(still).clear();
});

it("lets ingest go on when every command under way has ended, however it ended", async () => {
  const { first, clear } = createPrecedence(still, 60_000);
  const [one, two] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const seen: string[] = [];
  const commands = [first(() => one.promise), first(() => two.promise)];
  const cleared = clear().then(note(seen, "ingest"));
  one.resolve("done");
  expect(await commands[0]).toBe("done");
  seen.push("first command");
  two.reject(new Error("a bug"));
  await expect(commands[1]).rejects.toThrow("a bug");
  await cleared;
  expect(seen).toEqual(["first command", "ingest"]);
});

it("lets ingest go on after a while when a command hangs, and does not rest for a second one beside it", async () => {
  const { first, clear } = createPrecedence(() => performance.now(), 5);
  void first(() => new Promise(() => undefined));
  await clear();
  void first(() => new Promise(() => undefined));
  await clear();
});

it("rests for a third of the time where commands do not end", async () => {
  const clock = { ms: 0 };
  const { first, clear } = createPrecedence(() => clock.ms, 1_000);
  const command = async (ms: number): Promise<boolean> => {
    const done = Promise.withResolvers<void>();
    const running = first(() => done.promise);
    const rests = !(await isClear(clear));
    clock.ms += ms;
    done.resolve();
    await running;
    return rests;
  };
  expect(await command(1_000)).toBe(true);
  expect(await command(100)).toBe(false);
  clock.ms += 200;
  expect(await command(100)).toBe(true);
  clock.ms += 100_000;
  expect(await command(1_000)).toBe(true);
  expect(await command(1)).toBe(false);
});
