import { createEmailChannel, type EmailConfig } from "../../../alerts/channels/email.ts";
import { startSmtpDouble } from "../../doubles/channels/smtp-double.ts";
import { aCertificate } from "../../http/a-certificate.ts";
import type { ChannelRow } from "../channel-row.ts";
import { startMaildev } from "../start-maildev.ts";

const LOGIN = { user: "leeway", password: "of-the-test" };

const channelAt = (port: number, ca: string, tls: EmailConfig["tls"]) =>
  createEmailChannel(
    {
      name: "email",
      host: "127.0.0.1",
      port,
      tls,
      ...LOGIN,
      from: "leeway@example.com",
      to: ["oncall@example.com"],
      on: ["rollback"],
    },
    { ca },
  );

/** A mail server that says what it is told to say. */
export const emailDouble: ChannelRow = {
  channel: "email",
  against: "double",
  start: async () => {
    const certificate = aCertificate();
    const double = await startSmtpDouble({ certificate, login: `${LOGIN.user}:${LOGIN.password}` });
    return {
      channel: channelAt(double.port, certificate.cert, "starttls"),
      seen: async () =>
        double
          .taken()
          .map(({ headers, bodies }) => JSON.stringify([headers, bodies]))
          .join("\n"),
      limit: { waitMs: null, begin: () => double.behave({ answers: { MAIL: "451 4.7.0 too much" } }) },
      hang: () => double.behave({ hangAt: "end" }),
      heal: () => double.behave({}),
      refused: double.refused,
      close: double.close,
    };
  },
};

/** maildev, as people use it to see what is sent. */
export const emailMaildev: ChannelRow = {
  channel: "email",
  against: "maildev 3.0.0",
  start: async () => {
    const certificate = aCertificate();
    const maildev = await startMaildev({ certificate, ...LOGIN });
    return {
      channel: channelAt(maildev.port, certificate.cert, "tls"),
      seen: maildev.mails,
      heal: () => {},
      refused: () => [],
      close: maildev.close,
    };
  },
};
