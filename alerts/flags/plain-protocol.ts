import { z } from "zod";
import type { FlagState, FlagWrite } from "../../core/flag.ts";
import type { Route } from "../../core/migration.ts";
import { printableLine } from "../../core/printable.ts";
import { clamp } from "../clamp.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import {
  type FlagCapabilities,
  type FlagReadFailure,
  type FlagReport,
  isReadFailure,
  type RoutedFlag,
  sameShare,
} from "./flag-target.ts";

/** What a receiver or a program of the user's own is asked for, for flag systems that Leeway does not know. */
export interface PlainRequest {
  readonly version: 1;
  readonly do: "read" | "set";
  readonly flag: string;
  /** What the flag gives to each arm: the models of the document. */
  readonly values: VariantValues;
  /** `set`: the canary share to serve, 0-1; 0 is off. */
  readonly share?: number;
  /** `set`: the revision the flag must still have, else nothing is written; null = whatever it has. */
  readonly revision?: string | null;
}

/** What the flag serves, as it is answered. Other keys may be there; they are not looked at, nor shown. */
export interface PlainAnswer {
  readonly share: number;
  /** Another one after every change, whoever made it. */
  readonly revision: string;
  /** Of a `set`: false = it was there already and nothing was written. Default true. */
  readonly changed?: boolean | undefined;
  /** Whether a `set` would be allowed; null or missing = unknown. */
  readonly mayWrite?: boolean | null | undefined;
  /** What keeps the flag from routing the migration, for people. */
  readonly problems?: readonly string[] | undefined;
}

/** Schema of {@link PlainAnswer}. */
export const plainAnswerSchema: z.ZodType<PlainAnswer> = z.object({
  share: z.number().min(0).max(1),
  revision: z.string().min(1).max(200),
  changed: z.boolean().optional(),
  mayWrite: z.boolean().nullable().optional(),
  problems: z.array(z.string()).max(20).optional(),
});

/** Sends one request. Never rejects. */
export type AskPlainly = (request: PlainRequest) => Promise<PlainAnswer | FlagReadFailure>;

const MAX_LINE = 300;

const refused = (detail: string): FlagReadFailure => ({
  outcome: "failed",
  why: "permanent",
  detail,
  retryAfterMs: null,
});

/** The flag of `route`, behind `ask`. `who` answers, for people. */
export const plainFlag = (
  route: Route,
  values: VariantValues,
  {
    ask,
    capabilities,
    who,
  }: { readonly ask: AskPlainly; readonly capabilities: FlagCapabilities; readonly who: string },
): RoutedFlag => {
  const { flag } = route;
  const request = { version: 1, flag, values } as const;
  const stateOf = ({ share, revision }: PlainAnswer): FlagState => ({ flag, share, enabled: share > 0, revision });
  const readAnswer = (): Promise<PlainAnswer | FlagReadFailure> => ask({ ...request, do: "read" });

  const setShare = async (share: number, guard: { readonly revision: string } | null): Promise<FlagWrite> => {
    if (!(share >= 0 && share <= 1)) return refused(`share ${share} is not between 0 and 1`);
    const answer = await ask({ ...request, do: "set", share, revision: guard?.revision ?? null });
    if (isReadFailure(answer)) return answer;
    if (!sameShare(answer.share, share))
      return refused(`asked for ${share}, and answered that it serves ${answer.share}`);
    return { outcome: answer.changed === false ? "unchanged" : "written", state: stateOf(answer) };
  };

  const inspect = async (): Promise<FlagReport | FlagReadFailure> => {
    const answer = await readAnswer();
    if (isReadFailure(answer)) return answer;
    const { mayWrite = null, problems = [] } = answer;
    return {
      state: stateOf(answer),
      variants: [
        { arm: "baseline", name: "baseline", value: values.baseline },
        { arm: "canary", name: "canary", value: values.canary },
      ],
      mayWrite,
      mayWriteBecause: mayWrite === null ? `${who} does not say` : `${who} says so`,
      facts: [["Asked", who]],
      problems: problems.map((problem) => clamp(printableLine(problem), MAX_LINE)),
    };
  };

  return {
    ...route,
    capabilities,
    read: async () => {
      const answer = await readAnswer();
      return isReadFailure(answer) ? answer : stateOf(answer);
    },
    setShare,
    inspect,
  };
};
