import { randomBytes } from "node:crypto";
import type { MutedNotice } from "../../alerts/muted-notices.ts";
import type { Silence } from "../../alerts/policy/silences.ts";
import { LeewayError } from "../../core/errors.ts";
import { SILENCEABLE_TYPES } from "../../core/notice.ts";
import { parseDuration } from "../../core/parse-amount.ts";
import { printableLine } from "../../core/printable.ts";
import { printableValues } from "../../core/printable-values.ts";
import { utcStamp } from "../../core/utc-text.ts";
import { silenceText, silenceViews } from "../../status/silence-text.ts";
import type { ApiClient } from "../api-client.ts";
import { currentUser } from "../current-user.ts";
import { renderTable } from "../render/table.ts";

type Print = (text: string) => void;

interface Done {
  readonly silence: string;
  readonly until: number;
  readonly problem: string;
}

interface Listed {
  readonly silences: readonly Silence[];
  readonly muted: readonly MutedNotice[];
}

/** What `leeway silence` is given beside the subject. */
export interface SilenceOptions {
  readonly for?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly type: readonly string[];
}

const wrong = (text: string): LeewayError => new LeewayError("config-invalid", text);

const readFor = (text: string | undefined): number => {
  const ms = text === undefined ? null : parseDuration(text);
  if (ms !== null && ms >= 1_000) return ms;
  throw wrong(
    `--for: ${text ?? "missing"}; expected a duration such as 30m, 2h or 3d, at most 30d: no silence is for ever`,
  );
};

const readTypes = (types: readonly string[]): readonly string[] => {
  const unknown = types.find((type) => !SILENCEABLE_TYPES.some((each) => each === type));
  if (unknown === undefined) return types;
  const known = SILENCEABLE_TYPES.join(", ");
  throw wrong(
    `--type: ${printableLine(unknown)}; expected one of ${known}: a rollback and NOT ROLLED BACK are never silenced`,
  );
};

const onRecord = (problem: string): string =>
  problem === ""
    ? ""
    : `; it is on no record yet, and would be lost if the agent was killed now (${printableLine(problem)})`;

/** `leeway silence`: people are not told for a while. 1 when it is on no record yet. */
export const beginSilence = async (
  client: ApiClient,
  subject: string,
  options: SilenceOptions,
  print: Print,
): Promise<0 | 1> => {
  const [forMs, types] = [readFor(options.for), readTypes(options.type)];
  const reason = options.reason?.trim() ?? "";
  if (reason === "")
    throw wrong(`leeway silence ${subject}: no reason; expected --reason "…", which goes into the ledger`);
  const by = options.by ?? currentUser();
  const body = { subject, forMs, types, reason, by, id: randomBytes(4).toString("hex") };
  const { silence, until, problem } = await client.post<Done>("/api/v1/silences", body);
  const what = types.length === 0 ? "" : ` (${types.join(", ")})`;
  print(
    `${printableLine(subject)}${what} is silenced until ${utcStamp(until)}; a rollback and NOT ROLLED BACK are told all the same; leeway unsilence ${silence} ends it${onRecord(problem)}\n`,
  );
  return problem === "" ? 0 : 1;
};

/** `leeway unsilence`: ends a silence before its time. 1 when that is on no record yet. */
export const endSilence = async (
  client: ApiClient,
  id: string,
  options: Pick<SilenceOptions, "by" | "reason">,
  print: Print,
): Promise<0 | 1> => {
  const body = { by: options.by ?? currentUser(), ...(options.reason === undefined ? {} : { reason: options.reason }) };
  const { problem } = await client.post<Done>(`/api/v1/silences/${encodeURIComponent(id)}/end`, body);
  print(`silence ${printableLine(id)} is over${onRecord(problem)}\n`);
  return problem === "" ? 0 : 1;
};

/** As many muted notices are listed; `--json` has the others. */
const MAX_MUTED = 40;

/** `leeway silences`: the silences in force, and what nobody was told of, newest first. */
export const listSilences = async (client: ApiClient, json: boolean, print: Print): Promise<0> => {
  const listed = await client.get<Listed>("/api/v1/silences");
  if (json) {
    print(`${JSON.stringify(listed)}\n`);
    return 0;
  }
  const { silences, muted } = printableValues(listed);
  const rows = muted.slice(0, MAX_MUTED).map(({ at, channel, title, why }) => [utcStamp(at), channel, title, why]);
  const lines = [
    ...(silences.length === 0 ? ["nothing is silenced"] : silenceViews(silences, muted).map(silenceText)),
    ...(rows.length === 0 ? [] : ["", ...renderTable(["muted", "channel", "notice", "why"], rows)]),
    ...(muted.length > MAX_MUTED ? [`and ${muted.length - MAX_MUTED} more; see --json`] : []),
  ];
  print(`${lines.join("\n")}\n`);
  return 0;
};
