import { createInterface } from "node:readline";
import { countText } from "../../core/count-text.ts";
import { LeewayError } from "../../core/errors.ts";
import type { BlindWord } from "../../core/label-word.ts";
import { printableLine } from "../../core/printable.ts";
import type { LabelQuestion } from "../../status/label-view.ts";
import type { ApiClient } from "../api-client.ts";
import { currentUser } from "../current-user.ts";
import type { ExitCode } from "../exit-code.ts";
import { sideBySide } from "../render/side-by-side.ts";

/** What `leeway label` is given beside the migration. */
export interface LabelOptions {
  readonly by?: string;
  readonly json?: boolean;
  readonly pair?: string;
  readonly word?: string;
}

/** Where a person reads and answers. */
export interface LabelTerminal {
  readonly print: (text: string) => void;
  /** The next line; null when there are no more. */
  readonly ask: (question: string) => Promise<string | null>;
  /** Columns. */
  readonly width: number;
}

const KEYS: Readonly<Record<string, BlindWord>> = {
  ...{ a: "a", b: "b", s: "same", c: "unsure", n: "skipped" },
};

const HELP = "a = A is better, b = B is better, s = the same, c = both bad or cannot say, n = next one, q = end";

const pathOf = (migration: string): string => `/api/v1/migrations/${encodeURIComponent(migration)}/pairs/labels`;

const questionOf = (client: ApiClient, migration: string, by: string): Promise<LabelQuestion> =>
  client.get<LabelQuestion>(`${pathOf(migration)}/next?by=${encodeURIComponent(by)}`);

const lines = (text: string): string => text.split("\n").map(printableLine).join("\n");

/** A question as it is printed. */
export const questionText = ({ question, done }: LabelQuestion, width: number): string =>
  question === null
    ? ""
    : [
        "",
        `${countText(done.all)} pairs are read, ${countText(done.yours)} of them by you`,
        ...(question.isShortened ? ["the app shortened some of this: what is missing may decide"] : []),
        lines(question.asked),
        "",
        ...sideBySide({ title: "A", text: question.a }, { title: "B", text: question.b }, width),
        "",
      ].join("\n");

const askWord = async (terminal: LabelTerminal): Promise<BlindWord | null> => {
  for (;;) {
    const line = await terminal.ask(`${HELP}: `);
    const key = line?.trim().toLowerCase();
    if (key === undefined || key === "q") return null;
    const word = KEYS[key];
    if (word !== undefined) return word;
  }
};

/** `leeway label` in a terminal: pairs one after the other, until the person ends or none is left. */
export const labelPairs = async (
  client: ApiClient,
  migration: string,
  { by = currentUser() }: LabelOptions,
  terminal: LabelTerminal,
): Promise<ExitCode> => {
  for (;;) {
    const asked = await questionOf(client, migration, by);
    if (asked.question === null) {
      terminal.print(`${asked.reason}\n${countText(asked.done.yours)} pairs are read by you\n`);
      return 0;
    }
    terminal.print(questionText(asked, terminal.width));
    const word = await askWord(terminal);
    if (word === null) return 0;
    const answer = await client
      .post<{ readonly problem: string }>(pathOf(migration), { pair: asked.question.pair, word, by })
      .catch((error: unknown) => {
        // somebody else was faster, or the pair is gone: the next one is asked
        if (error instanceof LeewayError && error.code === "action-refused") return { problem: error.message };
        throw error;
      });
    if (answer.problem !== "") terminal.print(`LOOK: ${answer.problem}\n`);
  }
};

/** `leeway label`: 0 when the person ended, or none is left. Without a terminal it takes one question or one answer. */
export const runLabel = async (
  client: ApiClient,
  migration: string,
  options: LabelOptions,
  print: (text: string) => void,
): Promise<ExitCode> => {
  const { json = false, pair, word, by = currentUser() } = options;
  if (pair !== undefined || word !== undefined) {
    if (pair === undefined || word === undefined)
      throw new LeewayError("config-invalid", "--pair and --word belong together: which pair, and what is said of it");
    const answer = await client.post<object>(pathOf(migration), { pair, word, by });
    print(json ? `${JSON.stringify(answer)}\n` : `${printableLine(pair)} is labelled\n`);
    return 0;
  }
  if (json) {
    print(`${JSON.stringify(await questionOf(client, migration, by))}\n`);
    return 0;
  }
  if (!process.stdin.isTTY)
    throw new LeewayError(
      "config-invalid",
      "leeway label asks a person in a terminal; without one, --json prints the next pair, and --pair <id> --word <a|b|same|unsure|skipped> answers it",
    );
  const input = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<null>((resolve) => input.once("close", () => resolve(null)));
  const ask = (question: string): Promise<string | null> =>
    Promise.race([new Promise<string>((resolve) => input.question(question, resolve)), ended]);
  try {
    return await labelPairs(client, migration, options, { print, ask, width: process.stdout.columns ?? 100 });
  } finally {
    input.close();
  }
};
