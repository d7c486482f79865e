import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openAgentJournal } from "../../agent/open-agent-journal.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import { mountSmallDisk } from "../alerts/small-disk.ts";
import { recordingLog } from "../store/recording-log.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const ENTRY: LedgerEntry = {
  id: "e",
  at: 1,
  migration: "m",
  by: "ana",
  incident: "",
  event: { type: "command", command: "rollback", reason: "r" },
};

describe("the journal of an agent", () => {
  it("is one agent's: another one is refused while it runs, and finds what is left when it ended", async () => {
    const dir = temporaryDirectory();
    const first = await openAgentJournal(dir, recordingLog().log);
    await first.add([ENTRY]);
    await expect(openAgentJournal(dir, recordingLog().log)).rejects.toMatchObject({
      code: "store-locked",
      message: expect.stringContaining(`is in use by the agent with process id ${process.pid}; stop it`),
    });
    await first.close();
    const second = await openAgentJournal(dir, recordingLog().log);
    expect(second.pending()).toEqual([ENTRY]);
    await second.close();
  });

  it("opens on a full disk, and says what it cannot write", async (test) => {
    const dir = join(temporaryDirectory(), "small");
    const disk = mountSmallDisk(dir);
    if (disk === null) return test.skip("this user may not mount a file system");
    try {
      disk.fill();
      const { log, messages } = recordingLog();
      const journal = await openAgentJournal(dir, log);
      expect(await journal.add([ENTRY])).toContain("ENOSPC");
      expect(messages.join()).toContain("cannot be locked");
      await journal.close();
    } finally {
      disk.end();
    }
  });
});
