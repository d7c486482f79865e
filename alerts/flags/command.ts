import { basename, isAbsolute } from "node:path";
import { z } from "zod";
import { unreachable } from "../../core/exhaustive.ts";
import { durationSchema } from "../duration-schema.ts";
import { type ProgramEnd, runProgram } from "../run-program.ts";
import { type FlagCapabilities, type FlagReadFailure, flagFailure } from "./flag-target.ts";
import type { FlagTargetConfig, FlagTargetType } from "./flag-target-type.ts";
import { type AskPlainly, type PlainAnswer, plainAnswerSchema, plainFlag } from "./plain-protocol.ts";

/** Configuration of a program of the user's own, which reads and sets flags for Leeway. Durations are ms. */
export interface CommandConfig extends FlagTargetConfig {
  readonly type: "command";
  /** The program, as an absolute path, and its arguments. No shell reads them. */
  readonly command: readonly [string, ...string[]];
  /** All of its environment. Default: none, not even PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** How long after a write apps may still go by the share before. Default 30 s. */
  readonly propagation: number;
  /** Shortest time between two looks. Default 30 s. */
  readonly poll: number;
  /** When it is ended, with all that it started. Default 5 s. */
  readonly timeout: number;
}

const CAPABILITIES: FlagCapabilities = {
  kill: false,
  segments: false,
  guards: true,
  shareStep: 0,
  propagationMs: 30_000,
  pollMs: 30_000,
};

const MAX_BYTES = 65_536;

/** What an exit code says. 0 is done; a program that names none of these has failed for good. */
const WHY_BY_CODE: Readonly<Record<number, FlagReadFailure["why"]>> = {
  10: "conflict",
  11: "auth",
  12: "not-found",
  13: "rate-limited",
  14: "approval-required",
  15: "transient",
};

const waitSchema = z.object({ retryAfterSeconds: z.number().min(0).max(86_400) });

const parse = (text: string | null): unknown => {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

const refusal = (who: string, code: number, output: string | null): FlagReadFailure => {
  const wait = waitSchema.safeParse(parse(output));
  const why = WHY_BY_CODE[code];
  const meaning = why ?? "no code that docs/flags.md lists; run it by hand to see why";
  return flagFailure(
    why ?? "permanent",
    `${who} ended with exit code ${code} (${meaning})`,
    wait.success ? Math.round(wait.data.retryAfterSeconds * 1000) : null,
  );
};

const understood = (who: string, output: string | null): PlainAnswer | FlagReadFailure => {
  if (output === null)
    return flagFailure("permanent", `${who} wrote something that is no UTF-8; expected one JSON object`);
  const json = parse(output);
  if (json === undefined)
    return flagFailure(
      "permanent",
      `${who} wrote something that is no JSON; expected one JSON object and nothing beside it`,
    );
  const parsed = plainAnswerSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join(".") || "the answer";
  return flagFailure("permanent", `${who} exited 0, but ${place} is not what docs/flags.md asks for`);
};

const meaningOf = (end: ProgramEnd, who: string, timeoutMs: number): PlainAnswer | FlagReadFailure => {
  switch (end.outcome) {
    case "exited":
      return end.code === 0 ? understood(who, end.output) : refusal(who, end.code, end.output);
    case "killed":
      return flagFailure("transient", `${who} was ended by ${end.signal}`);
    case "not-started":
      return flagFailure(
        "permanent",
        `${who} could not be started (${end.code}); check the path and that it may be executed`,
      );
    case "timeout":
      return flagFailure("transient", `${who} gave no answer within ${timeoutMs} ms and was ended`);
    case "too-much":
      return flagFailure("permanent", `${who} wrote more than ${MAX_BYTES} bytes and was ended`);
    default:
      return unreachable(end);
  }
};

const isText = (text: string): boolean => !text.includes("\0");
const text = z.string().refine(isText, { error: "contains a NUL byte; expected text" });
const program = text.refine(isAbsolute, { error: "no absolute path; expected one: the program is looked for nowhere" });

/** The flag target type `command`: any flag system, behind a program; docs/flags.md says how it is asked. */
export const command: FlagTargetType<CommandConfig> = {
  type: "command",
  formerTypes: [],
  files: [],
  capabilities: CAPABILITIES,
  schema: z.strictObject({
    type: z.literal("command"),
    command: z.tuple([program], text),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected names of variables"), text).default({}),
    propagation: durationSchema.prefault("30s"),
    poll: durationSchema.prefault("30s"),
    timeout: durationSchema
      .refine((ms) => ms >= 10 && ms <= 8_000, "expected 10ms to 8s: a flip is given ten")
      .prefault("5s"),
  }),
  create: (name, { command: argv, env, propagation, poll, timeout: timeoutMs }) => {
    const closing = new AbortController();
    const who = basename(argv[0]);
    const ask: AskPlainly = async (request) => {
      const stdin = `${JSON.stringify(request)}\n`;
      const run = { argv, env, stdin, timeoutMs, maxBytes: MAX_BYTES, signal: closing.signal };
      return meaningOf(await runProgram(run), who, timeoutMs);
    };
    const capabilities = { ...CAPABILITIES, propagationMs: propagation, pollMs: poll };
    return {
      name,
      bind: (route, values) => plainFlag(route, values, { ask, capabilities, who }),
      problem: () => "",
      close: async () => closing.abort(),
    };
  },
};
