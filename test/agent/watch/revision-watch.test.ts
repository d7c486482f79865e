import { describe, expect, it } from "vitest";
import type { DocumentText } from "../../../agent/documents/document-record.ts";
import { createRevisionWatch } from "../../../agent/watch/revision-watch.ts";
import type { LedgerEntry, LedgerEvent } from "../../../core/ledger.ts";
import type { Migration } from "../../../core/migration.ts";
import { foldLedger } from "../../../lifecycle/transitions.ts";
import { documentText, migrationOf } from "../config/documents.ts";

const MINUTE = 60_000;
const IN_FORCE = migrationOf(documentText());
const ruleText = (limit: string): string =>
  documentText({ rules: `rules: [{ signal: error, limit: ${limit}, unit: absolute, severity: rollback }]` });
const onDisk = (text: string): DocumentText => ({ file: "migrations/m.yaml", text, migration: migrationOf(text) });
const LOOSER = onDisk(ruleText("50%"));
const TIGHTER = onDisk(ruleText("1%"));

/** A ledger that several agents share, each with a disk of its own. */
const world = () => {
  const clock = { now: 1_000_000 };
  const entries: LedgerEntry[] = [];
  const append = (event: LedgerEvent, id: string): void => {
    if (entries.some((entry) => entry.id === id)) return;
    entries.push({ id, at: clock.now, migration: "m", by: "agent", incident: "", event });
  };
  append({ type: "started", hash: IN_FORCE.hash, stage: 0, share: 0.05, approvals: "entry" }, "started");
  const force: { current: Migration } = { current: IN_FORCE };
  const agent = (pending: DocumentText | null = null, trouble = "", held = "") => {
    const disk = { pending, trouble, held };
    const watch = createRevisionWatch(() => force.current, {
      history: {
        entries: () => entries,
        state: () => foldLedger(force.current, entries),
        record: async (event, { id }) => {
          append(event, id);
          return "";
        },
      },
      contract: { pending: () => disk.pending, trouble: () => disk.trouble, held: () => disk.held },
      now: () => clock.now,
    });
    return { disk, ...watch };
  };
  const pass = async (minutes: number, ...agents: readonly ReturnType<typeof agent>[]): Promise<void> => {
    for (let i = 0; i < minutes; i += 1) {
      for (const each of agents) await each.look();
      clock.now += MINUTE;
    }
  };
  const told = (): readonly string[] =>
    entries.flatMap(({ event }) =>
      event.type === "revision-pending" || event.type === "revision-gone" ? [`${event.type} ${event.nth}`] : [],
    );
  return { clock, entries, append, agent, pass, told, force };
};

describe("a changed document on disk", () => {
  it("is told once, in words of what got looser and what tighter, and once that it is gone", async () => {
    const { agent, pass, told, entries } = world();
    const one = agent(LOOSER);
    await pass(60, one);
    expect(told()).toEqual(["revision-pending 1"]);
    expect(entries.at(-1)?.event).toMatchObject({
      ...{ of: IN_FORCE.hash, hash: LOOSER.migration.hash, file: "migrations/m.yaml", more: 0, problem: "" },
      changes: [{ effect: "looser", text: expect.stringContaining("error at most 50%") }],
    });
    one.disk.pending = null;
    await pass(3, one);
    expect(told()).toEqual(["revision-pending 1", "revision-gone 1"]);
  });

  it("is told once by two agents of one folder, also when the one sees it go before the other", async () => {
    const { agent, pass, told } = world();
    const [one, two] = [agent(LOOSER), agent(LOOSER)];
    await pass(3, one, two);
    one.disk.pending = null;
    await pass(1, one, two);
    two.disk.pending = null;
    await pass(3, one, two);
    expect(told()).toEqual(["revision-pending 1", "revision-gone 1"]);
  });

  it("is told anew for another content, and when it comes back", async () => {
    const { agent, pass, told } = world();
    const one = agent(LOOSER);
    await pass(1, one);
    for (const pending of [TIGHTER, null, TIGHTER]) {
      one.disk.pending = pending;
      await pass(2, one);
    }
    expect(told()).toEqual(["revision-pending 1", "revision-pending 2", "revision-gone 2", "revision-pending 3"]);
  });

  it("is not told again after a restart, which is slow to say that it is gone", async () => {
    const { agent, pass, told } = world();
    await pass(1, agent(LOOSER));
    await pass(30, agent(LOOSER));
    expect(told()).toEqual(["revision-pending 1"]);
    const restarted = agent(null);
    await pass(15, restarted);
    expect(told()).toEqual(["revision-pending 1"]);
    await pass(2, restarted);
    expect(told()).toEqual(["revision-pending 1", "revision-gone 1"]);
  });

  it("of one agent alone does not go back and forth with another's, day after day", async () => {
    const { agent, pass, told } = world();
    await pass(24 * 60, agent(LOOSER), agent(null));
    expect(told()).toEqual(["revision-pending 1", "revision-gone 1"]);
    const apart = world();
    await apart.pass(24 * 60, apart.agent(LOOSER), apart.agent(TIGHTER));
    expect(apart.told()).toEqual(["revision-pending 1", "revision-pending 2"]);
  });

  it.each([
    ["a file that cannot be read", { trouble: "m.yaml: line 3" }],
    ["a document in force that is not known", { held: "held" }],
  ])("is neither told nor withdrawn for %s", async (_what, state) => {
    const { agent, pass, told } = world();
    const one = agent(LOOSER);
    await pass(1, one);
    Object.assign(one.disk, { pending: null }, state);
    await pass(60, one, agent(LOOSER, "trouble" in state ? state.trouble : "", "held" in state ? state.held : ""));
    expect(told()).toEqual(["revision-pending 1"]);
  });

  it("ends with a person's word, and what differs from that is another", async () => {
    const { agent, append, pass, told, force } = world();
    const one = agent(LOOSER);
    await pass(1, one);
    const revision = { ...{ hash: LOOSER.migration.hash, stage: 0, share: 0.05, before: 0.05 }, keepsTime: true };
    append({ type: "command", command: "revise", reason: "r", revision: { ...revision, restarts: true } }, "revised");
    force.current = LOOSER.migration;
    one.disk.pending = null;
    await pass(60, one);
    expect(told()).toEqual(["revision-pending 1"]);
    one.disk.pending = onDisk(documentText());
    await pass(60, one);
    expect(told()).toEqual(["revision-pending 1", "revision-pending 2"]);
  });

  it("says why it cannot be taken up, and keeps a document of thousands of differences short", async () => {
    const { agent, pass, entries } = world();
    const many = Array.from(
      { length: 60 },
      (_, i) => `{ signal: evaluation.e${i}, limit: 5, unit: points, severity: pause }`,
    );
    const text = documentText({
      route: "route: { flag: another, target: prod }",
      rules: `rules: [${many.join(", ")}]`,
    });
    await pass(1, agent(onDisk(text)));
    const event = entries.at(-1)?.event;
    expect(event).toMatchObject({ problem: expect.stringContaining("cannot change under way") });
    expect(event?.type === "revision-pending" && [event.changes.length, event.more > 40]).toEqual([12, true]);
    expect(JSON.stringify(event).length).toBeLessThan(8_000);
  });

  it("is told to nobody of a migration that was given up, or has not begun", async () => {
    const { agent, append, pass, told, entries } = world();
    append({ type: "command", command: "rollback", abandons: true, reason: "r" }, "abandoned");
    await pass(3, agent(LOOSER));
    entries.length = 0;
    await pass(3, agent(LOOSER));
    expect(told()).toEqual([]);
  });
});
