import { z } from "zod";
import type { Delivery } from "../../core/notice.ts";

/** What became of a message that the server took, or why it did not. */
export type SmtpResult =
  /** One for each address that was refused, beside at least one that was not. */
  { readonly refusals: readonly unknown[] } | { readonly error: unknown };

// What of an error may be told. Its message and the server's answer repeat addresses, and anything else.
const errorSchema = z.object({
  code: z.string().optional().catch(undefined),
  responseCode: z.number().int().min(100).max(599).optional().catch(undefined),
  command: z.string().optional().catch(undefined),
  recipient: z.string().optional().catch(undefined),
});

type SmtpError = z.infer<typeof errorSchema>;

const read = (error: unknown): SmtpError => errorSchema.safeParse(error).data ?? {};

/** 503 says that the conversation went wrong, not that the message is not wanted. */
const isFinal = ({ responseCode = 0 }: SmtpError): boolean => responseCode >= 500 && responseCode !== 503;

const STEP: Readonly<Record<string, string>> = {
  CONN: "at the greeting",
  EHLO: "at the greeting",
  STARTTLS: "at STARTTLS",
  "MAIL FROM": "about the sender",
  "RCPT TO": "about the addresses",
  DATA: "about the message",
};

const stepOf = ({ command = "" }: SmtpError): string =>
  command.startsWith("AUTH") ? "at the login" : (STEP[command] ?? "");

const ADVICE: Readonly<Record<string, string>> = {
  EAUTH: "check user and password",
  ETLS: "no encrypted connection; check tls and the server's certificate",
  ESOCKET: "no connection; check host, port, tls and the server's certificate",
  ECONNECTION: "the connection ended",
  ETIMEDOUT: "no answer in time",
  EDNS: "the name of the host is not known",
  EPROTOCOL: "what answers speaks no SMTP; check host, port and tls",
};

const detailOf = (error: SmtpError): string => {
  const { code = "", responseCode } = error;
  const said = responseCode === undefined ? "mail server" : `SMTP ${responseCode}`;
  const advice = ADVICE[code] ?? "";
  return [[said, stepOf(error)].filter((text) => text !== "").join(" "), advice]
    .filter((text) => text !== "")
    .join(": ");
};

/** How a try ended that the server, or the way there, ended. */
export const judgeSmtpError = (error: unknown, isAborted: boolean): Exclude<Delivery, { outcome: "delivered" }> => {
  if (isAborted) return { outcome: "retry", detail: "no answer in time", retryAfterMs: null };
  const known = read(error);
  const refusals = z.object({ rejectedErrors: z.array(z.unknown()).min(1) }).safeParse(error).data?.rejectedErrors;
  const isOver = refusals === undefined ? isFinal(known) : refusals.every((refusal) => isFinal(read(refusal)));
  const detail = refusals === undefined ? detailOf(known) : `${detailOf(known)}: nobody of the list was accepted`;
  return isOver ? { outcome: "failed", detail } : { outcome: "retry", detail, retryAfterMs: null };
};

/** Those of `to` that still have to get the message. */
export const leftOf = (to: readonly string[], done: ReadonlySet<string> = new Set()): readonly string[] =>
  to.filter((address) => !done.has(address));

/** How one try ended, and who of `to` needs no other: who got the message, or is refused for good. */
export interface SmtpJudgement {
  readonly delivery: Delivery;
  readonly done: ReadonlySet<string>;
}

const judgeRefusals = (
  to: readonly string[],
  refusals: readonly SmtpError[],
  before: ReadonlySet<string>,
): SmtpJudgement => {
  const waiting = new Set(refusals.filter((each) => !isFinal(each)).map(({ recipient = "" }) => recipient));
  const done = new Set([...before, ...to.filter((address) => !waiting.has(address))]);
  const codes = [...new Set(refusals.map(({ responseCode }) => responseCode ?? "?"))].join(", ");
  const refused = `${refusals.length} of ${to.length} addresses refused (${codes})`;
  if (waiting.size > 0) return { delivery: { outcome: "retry", detail: refused, retryAfterMs: null }, done };
  return { delivery: { outcome: "delivered", detail: refusals.length === 0 ? "taken for all" : refused }, done };
};

/** How a try ended that was to reach those of `to` who are not in `before`. */
export const judgeSmtp = (
  to: readonly string[],
  result: SmtpResult,
  before: ReadonlySet<string> = new Set(),
  isAborted = false,
): SmtpJudgement => {
  if (!("error" in result)) return judgeRefusals(to, result.refusals.map(read), before);
  const delivery = judgeSmtpError(result.error, isAborted);
  // Others have it: that the rest is refused for good does not undo that.
  if (delivery.outcome === "failed" && before.size > 0)
    return { delivery: { outcome: "delivered", detail: `not for all: ${delivery.detail}` }, done: before };
  return { delivery, done: before };
};
