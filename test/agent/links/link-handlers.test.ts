import { describe, expect, it } from "vitest";
import { NO_TOKENS } from "../../../agent/access/token-book.ts";
import type { ReadLink } from "../../../agent/links/action-link.ts";
import { createLinkHandlers } from "../../../agent/links/link-handlers.ts";
import type { MigrationRunner } from "../../../agent/migration-runner.ts";
import type { LedgerEntry } from "../../../core/ledger.ts";
import type { CommandRequest } from "../../../lifecycle/commands/command-type.ts";
import { type MigrationState, NOT_STARTED } from "../../../lifecycle/state.ts";
import { aMigration } from "../../fixtures/a-migration.ts";

const migration = aMigration({ approvers: ["ana"] });
const RUNNING: MigrationState = { ...NOT_STARTED, hash: "v2:1", since: 1_000 };
const link = (changes: Partial<ReadLink> = {}): ReadLink => ({
  ...{ migration: migration.name, command: "rollback", stage: 0, since: 1_000, until: 9e12 },
  ...{ channel: "slack", notice: "n", key: "link:1" },
  ...changes,
});

const handlersOf = (state: MigrationState, entries: readonly Partial<LedgerEntry>[] = [], isKnown = true) => {
  const given: CommandRequest[] = [];
  const history = { state: () => state, entries: () => entries, isKnown: () => isKnown, problem: () => "not read yet" };
  const handlers = createLinkHandlers({
    desk: { linksFor: async () => [], read: async () => "", problem: () => "" },
    runnerOf: (name) => (name === migration.name ? ({ migration, history } as unknown as MigrationRunner) : undefined),
    command: async (_name, request) => {
      given.push(request);
      return { outcome: "done", problem: "" };
    },
    tokens: NO_TOKENS,
    address: "https://leeway.example.com/ops",
  });
  return { handlers, given };
};

describe("what a link would do", () => {
  it("is told with where the migration stands", () => {
    const { handlers } = handlersOf(RUNNING);
    expect(handlers.preview(link())).toMatchObject({
      now: expect.stringContaining("stage 1 of 1, canary 5%"),
      effect: "switch the canary off now",
      scope: "operate",
      refused: null,
    });
    expect(handlers.preview(link({ command: "advance" }))).toMatchObject({ scope: "approve", refused: null });
    expect(handlers.origin).toBe("https://leeway.example.com");
  });

  it.each<[string, MigrationState, Partial<ReadLink>, string]>([
    ["of another stage", { ...RUNNING, stage: 1 }, { command: "advance" }, "advance was given for stage 1"],
    ["of another life", { ...RUNNING, since: 2_000 }, {}, "before the migration began anew"],
    [
      "of the next stage during a drill",
      {
        ...RUNNING,
        drill: { drill: "1-1", owner: "o", startedAt: 1, until: 9, flippedAt: 2, isConfirmed: true, endedAt: 3 },
      },
      { command: "advance" },
      "a drill is under way",
    ],
    ["of a pause there is", { ...RUNNING, isPaused: true }, { command: "pause" }, "it is paused already"],
    ["of another migration", RUNNING, { migration: "gone" }, "no such migration"],
  ])("is nothing %s", (_what, state, changes, problem) => {
    expect(handlersOf(state).handlers.preview(link(changes)).refused).toContain(problem);
  });

  it("is nothing once it is in the ledger, whichever agent put it there", () => {
    const event = { type: "command", command: "pause", reason: "x", key: "link:1" } as const;
    const { handlers } = handlersOf(RUNNING, [{ at: 1_500, by: "link", event }]);
    expect(handlers.preview(link()).refused).toContain("was used at 1970-01-01T00:00:01Z");
  });

  it("is not known before the ledger is", () => {
    expect(handlersOf(RUNNING, [], false).handlers.preview(link()).refused).toBe("not read yet");
  });

  it("is given as a command whose key is the link's, for its stage", async () => {
    const { handlers, given } = handlersOf(RUNNING);
    const who = { by: "link in slack", identity: "link", reason: "r" } as const;
    await handlers.act(link(), who);
    await handlers.act(link({ command: "advance" }), who);
    expect(given).toEqual([
      { command: "rollback", ...who, key: "link:1" },
      { command: "advance", ...who, key: "link:1", stage: 0 },
    ]);
  });
});
