import { LeewayError } from "../../core/errors.ts";
import type { PairRow } from "../../core/pair-row.ts";
import { PAIR_WORDS, type PairWord } from "../../core/pair-word.ts";
import { printableLine } from "../../core/printable.ts";
import type { ShadowEvidence } from "../../core/verdict.ts";
import { PAIR_CLASSES, type PairClass } from "../../detectors/pairs/triage.ts";
import type { PairContentView } from "../../status/content-view.ts";
import type { PairsView } from "../../status/pairs-view.ts";
import type { ApiClient } from "../api-client.ts";
import { currentUser } from "../current-user.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderPairContent } from "../render/pair-content.ts";
import { renderPair, renderPairs } from "../render/pairs.ts";

/** What `leeway pairs` is given beside the migration. */
export interface PairsOptions {
  readonly segment?: string;
  readonly class?: string;
  readonly pair?: string;
  readonly json?: boolean;
}

const EXIT: Readonly<Record<ShadowEvidence["outcome"], ExitCode>> = { clear: 0, breach: 1, undecided: 4 };

const pathOf = (migration: string): string => `/api/v1/migrations/${encodeURIComponent(migration)}/pairs`;

const isClass = (text: string): text is PairClass => PAIR_CLASSES.some((each) => each === text);

const readClass = (text: string): PairClass => {
  if (isClass(text)) return text;
  throw new LeewayError(
    "config-invalid",
    `--class: ${JSON.stringify(text)}; expected one of ${PAIR_CLASSES.join(", ")}`,
  );
};

/** What was asked and answered, or why it is not shown: the figures of a pair are worth showing without. */
const contentOf = async (client: ApiClient, path: string, width: number): Promise<readonly string[]> => {
  try {
    return renderPairContent(await client.get<PairContentView>(path), width);
  } catch (error) {
    if (!(error instanceof LeewayError) || error.code !== "action-refused") throw error;
    return [`  what was asked and answered: ${printableLine(error.message)}`];
  }
};

/** `leeway pairs`: 0 where the gate is clear, 1 at a breach, 4 while it is undecided. One pair alone: 0. */
export const runPairs = async (
  client: ApiClient,
  migration: string,
  { segment, class: only, pair, json = false }: PairsOptions,
  print: (text: string) => void,
  width: number = process.stdout.columns ?? 100,
): Promise<ExitCode> => {
  const filter = {
    ...(segment === undefined ? {} : { segment }),
    ...(only === undefined ? {} : { class: readClass(only) }),
  };
  if (pair !== undefined) {
    const row = await client.get<PairRow>(`${pathOf(migration)}/${encodeURIComponent(pair)}`);
    if (json) {
      print(`${JSON.stringify(row)}\n`);
      return 0;
    }
    const texts = await contentOf(client, `${pathOf(migration)}/${encodeURIComponent(pair)}/content`, width);
    print(`${[...renderPair(row), ...texts].join("\n")}\n`);
    return 0;
  }
  const view = await client.get<PairsView>(pathOf(migration));
  print(json ? `${JSON.stringify(view)}\n` : `${renderPairs(view, filter).join("\n")}\n`);
  return EXIT[view.evidence.outcome];
};

/** What `leeway accept` is given beside the migration and the cluster. */
export interface AcceptOptions {
  readonly reason?: string;
  readonly segment?: string;
  readonly as?: string;
  readonly by?: string;
}

const isWord = (text: string): text is PairWord => PAIR_WORDS.some((each) => each === text);

/** `leeway accept`: a person's word on differences that are alike. 0 where it is on record. */
export const runAccept = async (
  client: ApiClient,
  migration: string,
  cluster: string,
  { reason = "", segment = "", as = "neutral", by = currentUser() }: AcceptOptions,
  print: (text: string) => void,
): Promise<ExitCode> => {
  if (reason.trim() === "")
    throw new LeewayError(
      "config-invalid",
      `leeway accept ${migration} ${cluster}: no reason; expected --reason "…", which goes into the ledger`,
    );
  if (!isWord(as))
    throw new LeewayError("config-invalid", `--as: ${JSON.stringify(as)}; expected one of ${PAIR_WORDS.join(", ")}`);
  const { problem } = await client.post<{ readonly problem: string }>(`${pathOf(migration)}/words`, {
    ...{ cluster, segment, as, reason, by },
  });
  print(`${cluster} is ${as === "neutral" ? "accepted" : `called a${as === "improvement" ? "n" : ""} ${as}`}\n`);
  if (problem !== "") print(`LOOK: ${problem}\n`);
  return 0;
};
