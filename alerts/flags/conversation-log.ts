import { readFileSync, statSync } from "node:fs";
import { appendFile, mkdir, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { inTurn } from "../../async/in-turn.ts";
import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { ConversationLog, KeptConversation } from "./conversation-arms.ts";

/** Longest file that is read at start, bytes: many times what a generation takes. */
const MAX_BYTES = 128 * 1024 ** 2;

/** How long lines are gathered before they are written, ms: what a kill -9 can lose. */
const GATHER_MS = 500;

/** Characters that wait for a disk that takes none; beyond it they are dropped, and the problem stands. */
const MAX_WAITING = 32 * 1024 ** 2;

const HEADER = /^leeway-conversations 1 (\d{1,15})$/;
const LINE = /^[0-9a-z]{1,10} [0-9a-z]{1,4}$/;

interface Generation {
  readonly kept: readonly KeptConversation[];
  readonly since: number | null;
}

const EMPTY: Generation = { kept: [], since: null };

const readLine = (line: string): readonly KeptConversation[] => {
  // a line that a crash cut off is no line
  if (!LINE.test(line)) return [];
  const [key = "", packed = ""] = line.split(" ");
  return [{ key: Number.parseInt(key, 36), packed: Number.parseInt(packed, 36) }];
};

const readGeneration = (file: string): Generation => {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? MAX_BYTES) >= MAX_BYTES) return EMPTY;
  const [header = "", ...lines] = readFileSync(file, "utf8").split("\n");
  const since = HEADER.exec(header)?.[1];
  // the last piece is what follows the last newline: nothing, or half a line
  return since === undefined ? EMPTY : { kept: lines.slice(0, -1).flatMap(readLine), since: Number(since) };
};

/**
 * Conversations on disk: `file` is the younger generation, `file`.old the older one. Lines are appended, half a second after they
 * are known. A file that cannot be read is begun anew, and said: conversations that run are taken for new ones then.
 */
export const createConversationLog = (file: string, { log }: { readonly log: Log }): ConversationLog => {
  const older = `${file}.old`;
  const queue = inTurn();
  let [waiting, trouble] = ["", ""];
  let timer: NodeJS.Timeout | undefined;

  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      if (trouble !== "") log.info("conversations are written down again", { file });
      trouble = "";
      return true;
    } catch (error) {
      if (trouble === "") log.warn("conversations are not written down", { file, problem: messageOf(error) });
      trouble = messageOf(error);
      return false;
    }
  };
  const flush = (): Promise<unknown> => {
    const text = waiting;
    waiting = "";
    return queue(async () => {
      if (text === "" || (await attempt(() => appendFile(file, text, { mode: 0o600 })))) return;
      if (text.length + waiting.length <= MAX_WAITING) waiting = text + waiting;
    });
  };
  const later = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void flush();
    }, GATHER_MS).unref();
  };
  const load = (name: string): Generation => {
    try {
      return readGeneration(name);
    } catch (error) {
      log.warn("the file of conversations is unreadable; those that run are taken for new ones", {
        file: name,
        problem: messageOf(error),
      });
      return EMPTY;
    }
  };

  return {
    load: () => {
      const [old, young] = [load(older), load(file)];
      return { old: old.kept, young: young.kept, since: young.since };
    },
    add: ({ key, packed }) => {
      waiting += `${key.toString(36)} ${packed.toString(36)}\n`;
      later();
    },
    rotate: (since) => {
      void flush();
      void queue(() =>
        attempt(async () => {
          await mkdir(dirname(file), { recursive: true });
          await rename(file, older).catch(() => undefined);
        }),
      );
      waiting = `leeway-conversations 1 ${since}\n`;
    },
    problem: () =>
      trouble === ""
        ? ""
        : `${file}: conversations are not written down (${trouble}); after a restart those that run may change their arm once: make room, or make the file writable`,
    close: async () => {
      clearTimeout(timer);
      timer = undefined;
      await flush();
    },
  };
};
