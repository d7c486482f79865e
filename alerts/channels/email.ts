import { createTransport } from "nodemailer";
import { z } from "zod";
import { unreachable } from "../../core/exhaustive.ts";
import type { Delivery, Notice } from "../../core/notice.ts";
import { type Attempt, acceptsFor, type Channel, type ChannelProbe } from "./channel.ts";
import { type ChannelConfig, type ChannelType, commonKeys } from "./channel-type.ts";
import { emailMessage } from "./email-message.ts";
import { judgeSmtp, judgeSmtpError, leftOf, type SmtpResult } from "./smtp-outcome.ts";

/** How the connection to a mail server is kept from being read. */
export type SmtpTls = "starttls" | "tls" | "none";

/** Configuration of notices by mail. */
export interface EmailConfig extends ChannelConfig {
  readonly type: "email";
  /** The mail server's name. */
  readonly host: string;
  /** Null = 587 for `starttls`, 465 for `tls`, 25 for `none`. */
  readonly port: number | null;
  /** `starttls` and `tls` send nothing over a connection that is not encrypted, or to a server without a good certificate. */
  readonly tls: SmtpTls;
  /** Null = the server asks for no login. */
  readonly user: string | null;
  readonly password: string | null;
  /** The sender's address. */
  readonly from: string;
  readonly to: readonly string[];
}

const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/;

const address = z
  .string({ error: "no text; expected an address, name@example.com" })
  .regex(ADDRESS, "no usable address; expected name@example.com alone, another script's domain as xn--…");

const shape = {
  type: z.literal("email"),
  host: z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/, "expected the name or address of a mail server"),
  port: z.number().int().min(1).max(65_535).nullable().default(null),
  tls: z.enum(["starttls", "tls", "none"]).default("starttls"),
  user: z.string().min(1).nullable().default(null),
  password: z.string().min(1, "the password is empty").nullable().default(null),
  from: address,
  to: z.array(address).min(1, "expected at least one address").max(50, "expected at most 50 addresses; use a list"),
  ...commonKeys,
};

const schema: z.ZodType<EmailConfig> = z
  .strictObject(shape)
  .refine(({ user, password }) => (user === null) === (password === null), {
    path: ["password"],
    error: "user and password go together; expected both or neither",
  })
  .refine(({ tls, password }) => tls !== "none" || password === null, {
    path: ["tls"],
    error: "none would send the password for everybody to read; expected starttls or tls",
  });

const portOf = ({ port, tls }: Pick<EmailConfig, "port" | "tls">): number => {
  if (port !== null) return port;
  switch (tls) {
    case "starttls":
      return 587;
    case "tls":
      return 465;
    case "none":
      return 25;
    default:
      return unreachable(tls);
  }
};

/** Shorter than a try: a silent server is told from a slow one. */
const STEP_MS = 8_000;

/**
 * Sends notices by SMTP, one connection a message. What a server refuses for now (4xx), and what never got there, is tried
 * again, and then goes only to those who have not got it; 5xx is final. `ca` is trusted beside the usual authorities.
 */
export const createEmailChannel = (
  config: Omit<EmailConfig, "type" | "name"> & { readonly name: string },
  { ca }: { readonly ca?: string } = {},
): Channel => {
  const { name, host, tls, user, password, from, to, on } = config;
  const transport = createTransport({
    host,
    port: portOf(config),
    secure: tls === "tls",
    requireTLS: tls === "starttls",
    ignoreTLS: tls === "none",
    ...(ca === undefined ? {} : { tls: { ca } }),
    // Without `forceAuth` a server that offers no login would get the message without one.
    ...(user === null || password === null ? {} : { auth: { user, pass: password }, forceAuth: true }),
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
    dnsTimeout: STEP_MS,
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf("@") + 1);
  /** Who has, or never will have, a notice that others are to be sent again. */
  const settled = new Map<string, ReadonlySet<string>>();

  const deliver = async (notice: Notice, { signal, earlier = [] }: Attempt): Promise<SmtpResult> => {
    const left = leftOf(to, settled.get(notice.id));
    const message = emailMessage(notice, earlier, domain);
    try {
      const { rejectedErrors = [] } = await transport.sendMail({
        ...message,
        references: [...message.references],
        from: { name: "Leeway", address: from },
        to: [...to],
        envelope: { from, to: [...left] },
        signal,
      });
      return { refusals: rejectedErrors };
    } catch (error) {
      return { error };
    }
  };

  const send = async (notice: Notice, attempt: Attempt): Promise<Delivery> => {
    const result = await deliver(notice, attempt);
    const before = settled.get(notice.id);
    const { delivery, done } = judgeSmtp(to, result, before, attempt.signal.aborted);
    if (delivery.outcome === "retry" && done.size > 0) settled.set(notice.id, done);
    else settled.delete(notice.id);
    return delivery;
  };

  const probe = async (signal: AbortSignal): Promise<ChannelProbe> => {
    const aborted = new Promise<never>((_, reject) => {
      if (signal.aborted) reject(new Error("aborted"));
      signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
    });
    try {
      await Promise.race([aborted, transport.verify()]);
      const login = user === null ? "" : " and takes the login";
      return { outcome: "ready", detail: `the mail server answers${login}; only a message tells about the addresses` };
    } catch (error) {
      return { outcome: "failed", detail: judgeSmtpError(error, signal.aborted).detail };
    }
  };
  return { name, accepts: acceptsFor(on), send, probe };
};

/** The channel type `email`. Another list of addresses is another destination, another login is not. */
export const email: ChannelType<EmailConfig> = {
  type: "email",
  isRead: true,
  schema,
  destination: ({ host, to }) => JSON.stringify([host, ...to.toSorted()]),
  create: (config) => createEmailChannel(config),
};
