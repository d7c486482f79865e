import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createEmailChannel, type EmailConfig, email } from "../../../alerts/channels/email.ts";
import { emailMessage } from "../../../alerts/channels/email-message.ts";
import type { DeliveredNotice } from "../../../core/notice.ts";
import { type SmtpDouble, type SmtpStep, startSmtpDouble } from "../../doubles/channels/smtp-double.ts";
import { aCertificate } from "../../http/a-certificate.ts";
import { aNotice, MALICIOUS, NOTICE_TYPES, noticeFullOf } from "../a-notice.ts";
import { describeChannelContract } from "./channel-contract.ts";
import { goldenFile, noticeOfType } from "./notice-of-type.ts";

const USER = "leeway@example.com";
const PASSWORD = "hush-hush";
const ANNA = "anna@example.com";
const BERT = "bert@example.com";
const certificate = aCertificate();
const live = () => ({ signal: AbortSignal.timeout(5_000) });

const startDouble = (implicit = false): Promise<SmtpDouble> =>
  startSmtpDouble({ certificate, login: `${USER}:${PASSWORD}`, implicit });

const channelAt = (port: number, changes: Partial<EmailConfig> = {}, ca = certificate.cert) =>
  createEmailChannel(
    {
      host: "127.0.0.1",
      port,
      tls: "starttls",
      user: USER,
      password: PASSWORD,
      from: USER,
      to: [ANNA, BERT],
      on: ["rollback"],
      ...changes,
      name: "email",
    },
    { ca },
  );

const STEPS: readonly SmtpStep[] = ["greeting", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "end"];

describeChannelContract("email", async () => {
  const double = await startDouble();
  const saying = (step: SmtpStep, answer: string, outcome: "retry" | "failed") => ({
    name: `${answer.slice(0, 3)} at ${step}`,
    arrange: () => double.behave({ answers: { [step]: `${answer} ${ANNA} ${PASSWORD} at mail.example.com` } }),
    outcome,
  });
  return {
    channel: channelAt(double.port),
    secrets: [PASSWORD, ANNA, BERT, USER, "example.com"],
    situations: [
      ...(["MAIL", "RCPT", "DATA", "end"] as const).flatMap((step) => [
        saying(step, "451 4.3.0", "retry"),
        saying(step, "421 4.3.2", "retry"),
        saying(step, "503 5.5.1", "retry"),
        saying(step, "550 5.7.1", "failed"),
      ]),
      saying("greeting", "421 4.3.2", "retry"),
      saying("greeting", "554 5.3.2", "failed"),
      saying("AUTH", "454 4.7.0", "retry"),
      saying("AUTH", "535 5.7.8", "failed"),
      saying("STARTTLS", "454 4.7.0", "retry"),
      saying("MAIL", "nonsense", "retry"),
      ...STEPS.map((step) => ({
        name: `reset at ${step}`,
        arrange: () => double.behave({ resetAt: step }),
        outcome: "retry" as const,
      })),
      { name: "no encryption offered", arrange: () => double.behave({ isBare: true }), outcome: "failed" },
    ],
    heal: () => double.behave({}),
    hang: () => double.behave({ hangAt: "end" }),
    arrived: () => double.taken().map(({ headers, bodies }) => JSON.stringify([headers, bodies])),
    close: async () => {
      expect(double.refused()).toEqual([]);
      for (const mail of double.taken())
        expect(mail).toMatchObject({ wasEncrypted: true, login: `${USER}:${PASSWORD}` });
      await double.close();
    },
  };
});

describe("a mail server", () => {
  let double: SmtpDouble;
  beforeAll(async () => {
    double = await startDouble();
  });
  afterEach(() => double.behave({}));
  afterAll(() => double.close());

  it.each(STEPS)("that hangs at %s is given up, and its connection ended", async (hangAt) => {
    double.behave({ hangAt });
    const delivery = await channelAt(double.port).send(aNotice(), { signal: AbortSignal.timeout(150) });
    expect(delivery).toMatchObject({ outcome: "retry", detail: "no answer in time" });
    await expect.poll(() => double.open()).toBe(0);
  });

  it("that offers no encryption gets neither password nor message", async () => {
    double.behave({ isBare: true });
    const before = double.taken().length;
    expect(await channelAt(double.port).send(aNotice(), live())).toMatchObject({
      outcome: "failed",
      detail: expect.stringContaining("check tls"),
    });
    expect(double.taken()).toHaveLength(before);
  });

  it("whose certificate nobody trusts gets nothing", async () => {
    const channel = channelAt(double.port, {}, aCertificate().cert);
    expect(await channel.send(aNotice(), live())).toMatchObject({
      outcome: "retry",
      detail: expect.stringContaining("certificate"),
    });
  });

  it("that wants TLS from the start, or no login and no encryption, is spoken to as it wants", async () => {
    const implicit = await startDouble(true);
    expect(await channelAt(implicit.port, { tls: "tls" }).send(aNotice(), live())).toMatchObject({
      outcome: "delivered",
    });
    const plain = channelAt(double.port, { tls: "none", user: null, password: null });
    expect(await plain.send(aNotice(), live())).toMatchObject({ outcome: "delivered" });
    expect(double.taken().at(-1)).toMatchObject({ wasEncrypted: false, login: "" });
    await implicit.close();
  });

  it("that refuses one address for good delivers to the others, and says so without the address", async () => {
    double.behave({ recipients: { [BERT]: "550 5.1.1 no such person" } });
    expect(await channelAt(double.port).send(aNotice(), live())).toEqual({
      outcome: "delivered",
      detail: "1 of 2 addresses refused (550)",
    });
    expect(double.taken().at(-1)?.to).toEqual([ANNA]);
  });

  it("that refuses one address for now is asked again for that one alone", async () => {
    const channel = channelAt(double.port);
    double.behave({ recipients: { [BERT]: "451 4.7.1 greylisted" } });
    expect(await channel.send(aNotice(), live())).toMatchObject({ outcome: "retry" });
    double.behave({});
    expect(await channel.send(aNotice(), live())).toMatchObject({ outcome: "delivered" });
    expect(
      double
        .taken()
        .slice(-2)
        .map(({ to }) => to),
    ).toEqual([[ANNA], [BERT]]);
    await channel.send(aNotice({ id: "another" }), live());
    expect(double.taken().at(-1)?.to).toEqual([ANNA, BERT]);
  });

  it("that then refuses that one for good has delivered to the other", async () => {
    const channel = channelAt(double.port);
    double.behave({ recipients: { [BERT]: "451 4.7.1 greylisted" } });
    await channel.send(aNotice(), live());
    double.behave({ recipients: { [BERT]: "550 5.1.1 no such person" } });
    expect(await channel.send(aNotice(), live())).toMatchObject({
      outcome: "delivered",
      detail: expect.stringContaining("not for all"),
    });
  });

  it.each([
    [["550", "550"], "failed"],
    [["550", "451"], "retry"],
  ] as const)("that refuses everybody by %j: %s", async ([anna, bert], outcome) => {
    double.behave({ recipients: { [ANNA]: `${anna} no`, [BERT]: `${bert} no` } });
    expect(await channelAt(double.port).send(aNotice(), live())).toMatchObject({ outcome });
  });

  it("is asked for nothing but the login by a probe", async () => {
    expect(await channelAt(double.port).probe?.(AbortSignal.timeout(5_000))).toMatchObject({ outcome: "ready" });
    const wrong = channelAt(double.port, { password: "another" });
    expect(await wrong.probe?.(AbortSignal.timeout(5_000))).toMatchObject({
      outcome: "failed",
      detail: expect.stringContaining("check user and password"),
    });
  });

  it.each([
    ["refused", "127.0.0.1", 1],
    ["unknown", "nobody.invalid", 25],
  ])("that is %s is told without its name", async (_what, host, port) => {
    const delivery = await channelAt(port, { host }).send(aNotice(), live());
    expect(delivery).toMatchObject({ outcome: "retry" });
    expect(delivery.detail).not.toMatch(/nobody|127/);
  });
});

describe("the mails of an incident", () => {
  const delivered = (id: string): DeliveredNotice => ({ id, type: "rollback", phase: "open", at: 1, receipt: "" });
  const first = emailMessage(aNotice({ id: "a" }), [], "example.com");
  const second = emailMessage(aNotice({ id: "b" }), [delivered("a")], "example.com");

  it("are one thread, in which each answers the one before", () => {
    expect(first.inReplyTo).toBe("");
    expect(second.references).toEqual([...first.references, first.messageId]);
    expect(second.inReplyTo).toBe(first.messageId);
    expect(emailMessage(aNotice({ id: "c", incident: "another" }), [], "example.com").references).not.toEqual(
      first.references,
    );
  });

  it("keep their id over tries, also where the first is on record already", () => {
    expect(emailMessage(aNotice({ id: "a" }), [delivered("a")], "example.com")).toEqual(first);
  });

  it("stay short of references, however many there were", () => {
    const many = Array.from({ length: 500 }, (_, i) => delivered(`earlier-${i}`));
    expect(emailMessage(aNotice(), many, "example.com").references).toHaveLength(9);
  });

  it("are none outside an incident", () => {
    expect(emailMessage(aNotice({ incident: "" }), [], "example.com")).toMatchObject({ references: [], inReplyTo: "" });
  });

  it("arrive with the headers that say so, and that a machine wrote them", async () => {
    const double = await startDouble();
    await channelAt(double.port).send(aNotice({ id: "b" }), { ...live(), earlier: [delivered("a")] });
    expect(double.taken()[0]?.headers).toMatchObject({
      "message-id": second.messageId,
      references: second.references.join(" "),
      "in-reply-to": first.messageId,
      "auto-submitted": "auto-generated",
      subject: "Rolled back support-bot: error is 19.8%, limit 5%",
      from: `Leeway <${USER}>`,
      to: `${ANNA}, ${BERT}`,
    });
    await double.close();
  });
});

describe("what a mail says", () => {
  const HEADERS = [
    "auto-submitted",
    "content-type",
    "date",
    "from",
    "importance",
    "message-id",
    "mime-version",
    "references",
    "subject",
    "to",
    "x-auto-response-suppress",
    "x-leeway-severity",
    "x-leeway-type",
    "x-msmail-priority",
    "x-priority",
  ];

  it.each(NOTICE_TYPES)("of a %s is as it was", async (type) => {
    const { text, html, ...head } = emailMessage(noticeOfType(type), [], "example.com");
    await expect(`${JSON.stringify(head, null, 2)}\n\n${text}\n\n${html}\n`).toMatchFileSnapshot(
      goldenFile("email", type),
    );
  });

  it.each([...MALICIOUS, ["a header", "x\r\nBcc: everybody@example.com\r\n\r\n<script>alert(1)</script>"] as const])(
    "holds %s as text: no header, no markup, no link",
    async (_what, text) => {
      const double = await startDouble();
      expect(await channelAt(double.port).send(noticeFullOf(text), live())).toMatchObject({ outcome: "delivered" });
      const [mail] = double.taken();
      expect(Object.keys(mail?.headers ?? {}).toSorted()).toEqual(HEADERS);
      const html = mail?.bodies["text/html"] ?? "";
      const tags = new Set(html.match(/<\/?[a-z!][a-z0-9]*/gi));
      expect(
        [...tags].every((tag) => /^<\/?(!doctype|html|head|meta|title|body|h2|p|b|br|table|tr|th|td|a)$/.test(tag)),
      ).toBe(true);
      for (const body of Object.values(mail?.bodies ?? {})) {
        const own = aNotice().link.replaceAll("&", body === html ? "&amp;" : "&");
        expect(body.replaceAll(own, "")).not.toMatch(/[a-z]:\/\//);
        expect(body.replace(/\r?\n/g, "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Cs}]/u);
      }
      await double.close();
    },
  );

  it("has no link that is no web address", () => {
    const { text, html } = emailMessage(
      aNotice({ links: [{ label: "Click", url: "javascript:alert(1)" }] }),
      [],
      "example.com",
    );
    expect(text + html).not.toContain("javascript");
  });
});

describe("the configuration of mail", () => {
  const good = { type: "email", host: "mail.example.com", from: USER, to: [ANNA] };
  const parse = (change: object) => email.schema.safeParse({ ...good, ...change });

  it("is encrypted unless it says otherwise", () => {
    expect(parse({}).data).toMatchObject({ tls: "starttls", port: null, user: null });
  });

  it("leads to the same channel with another login, and to another one with other people", () => {
    const at = (change: object) => email.destination(email.schema.parse({ ...good, ...change }));
    expect(at({ user: "u", password: "p" })).toBe(at({}));
    expect(at({ to: [ANNA, BERT] })).toBe(at({ to: [BERT, ANNA] }));
    expect(at({ to: [BERT] })).not.toBe(at({}));
  });

  it.each([
    ["nobody", { to: [] }],
    ["one text for a list", { to: ANNA }],
    ["two addresses in one", { to: [`hush-hush@example.com, ${BERT}`] }],
    ["a name beside the address", { to: ["Anna <hush-hush@example.com>"] }],
    ["a line break in an address", { to: ["hush-hush@example.com\r\nBcc: x@example.com"] }],
    ["a sender without a domain", { from: "hush-hush" }],
    ["a password without a user", { password: "hush-hush" }],
    ["a user without a password", { user: "hush-hush" }],
    ["a password that everybody could read", { tls: "none", user: "u", password: "hush-hush" }],
    ["a URL for a host", { host: "smtp://u:hush-hush@mail.example.com" }],
    ["a port that is none", { port: 0 }],
    ["an unknown key", { cc: ["hush-hush@example.com"] }],
  ])("refuses %s without repeating it", (_what, change) => {
    const text = JSON.stringify(parse(change).error?.issues ?? []);
    expect(text).not.toBe("[]");
    expect(text).not.toContain("hush-hush");
  });
});
