import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createSecureContext, createServer as createTlsServer, TLSSocket } from "node:tls";
import type { Certificate } from "../../http/a-certificate.ts";
import { type ReadMail, readMail } from "./read-mail.ts";

/** Where in a conversation something happens. `end` is the dot behind the message. */
export type SmtpStep = "greeting" | "EHLO" | "STARTTLS" | "AUTH" | "MAIL" | "RCPT" | "DATA" | "end";

/** What goes otherwise than well. */
export interface SmtpMood {
  /** Says this instead: `451 later`. */
  readonly answers?: Partial<Record<SmtpStep, string>>;
  /** What is said to one recipient. */
  readonly recipients?: Readonly<Record<string, string>>;
  readonly hangAt?: SmtpStep;
  readonly resetAt?: SmtpStep;
  /** Offers neither encryption nor login. */
  readonly isBare?: boolean;
}

/** A mail that was taken. */
export interface TakenMail extends ReadMail {
  readonly to: readonly string[];
  readonly wasEncrypted: boolean;
  /** `user:password`; empty without a login. */
  readonly login: string;
}

/** A mail server on loopback that takes what is right to the letter, and offers STARTTLS and a login. */
export interface SmtpDouble {
  readonly port: number;
  readonly behave: (mood: SmtpMood) => void;
  readonly taken: () => readonly TakenMail[];
  /** Why messages were not taken for what they are. */
  readonly refused: () => readonly string[];
  /** Connections that are open. */
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

interface Talk {
  /** As it came in, below the encryption. */
  readonly connection: Socket;
  socket: Socket;
  isEncrypted: boolean;
  login: string;
  hasSender: boolean;
  to: string[];
  data: string | null;
}

const OK = "250 OK";

/** Starts it. `implicit`: TLS from the first byte. */
export const startSmtpDouble = async ({
  certificate,
  login,
  implicit = false,
}: {
  readonly certificate: Certificate;
  /** `user:password` that is right. */
  readonly login: string;
  readonly implicit?: boolean;
}): Promise<SmtpDouble> => {
  let mood: SmtpMood = {};
  const taken: TakenMail[] = [];
  const refused: string[] = [];
  const sockets = new Set<Socket>();
  const { cert, key } = certificate;

  const finish = (talk: Talk, raw: string): string => {
    try {
      const mail = readMail(raw.replace(/^\.\./gm, "."));
      taken.push({ ...mail, to: talk.to, wasEncrypted: talk.isEncrypted, login: talk.login });
      return "250 queued";
    } catch (error) {
      refused.push(String(error));
      return "554 not taken";
    }
  };

  const checkLogin = (talk: Talk, initial: string): string => {
    const [, user, password] = Buffer.from(initial, "base64").toString("utf8").split("\0");
    if (`${user}:${password}` !== login) return "535 5.7.8 wrong";
    talk.login = login;
    return "235 welcome";
  };

  const recipient = (talk: Talk, address: string): string => {
    const special = mood.recipients?.[address];
    if (special === undefined) talk.to.push(address);
    return special ?? OK;
  };

  const upgrade = (talk: Talk): null => {
    const plain = talk.socket;
    plain.removeAllListeners("data");
    plain.write("220 go ahead\r\n");
    const secure = new TLSSocket(plain, { isServer: true, secureContext: createSecureContext({ cert, key }) });
    secure.on("error", () => secure.destroy());
    Object.assign(talk, { socket: secure, isEncrypted: true, hasSender: false, to: [] });
    listen(talk);
    return null;
  };

  /** The answer to one command, and the step it is; null where the answer was given otherwise. */
  const judge = (talk: Talk, line: string): readonly [SmtpStep, () => string | null] | null => {
    const [, address = ""] = /<([^>]*)>/.exec(line) ?? [];
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === "EHLO") {
      const offers = mood.isBare ? [] : talk.isEncrypted ? ["AUTH PLAIN"] : ["STARTTLS"];
      const lines = ["localhost", ...offers, "SIZE 1000000"];
      return ["EHLO", () => lines.map((each, i) => `250${i < lines.length - 1 ? "-" : " "}${each}`).join("\r\n")];
    }
    if (verb === "STAR") return ["STARTTLS", () => (mood.isBare ? "502 no" : upgrade(talk))];
    if (verb === "AUTH") return ["AUTH", () => checkLogin(talk, line.slice("AUTH PLAIN ".length))];
    if (verb === "MAIL") {
      talk.hasSender = true;
      return ["MAIL", () => OK];
    }
    if (verb === "RCPT") return ["RCPT", () => (talk.hasSender ? recipient(talk, address) : "503 sender first")];
    if (verb !== "DATA") return null;
    const begin = (): string => {
      talk.data = "";
      return "354 go on";
    };
    return ["DATA", () => (talk.to.length > 0 ? begin() : "554 nobody")];
  };

  const act = (talk: Talk, step: SmtpStep, answer: () => string | null): void => {
    if (mood.hangAt === step) return;
    if (mood.resetAt === step) return void talk.connection.resetAndDestroy();
    const said = mood.answers?.[step] ?? answer();
    if (said !== null) talk.socket.write(`${said}\r\n`);
  };

  const take = (talk: Talk, line: string): void => {
    if (line.toUpperCase() === "QUIT") return void talk.socket.end("221 bye\r\n");
    const judged = judge(talk, line);
    if (judged === null) talk.socket.write("502 not known\r\n");
    else act(talk, ...judged);
  };

  const listen = (talk: Talk): void => {
    let left = "";
    talk.socket.on("data", (chunk) => {
      left += chunk.toString("latin1");
      for (;;) {
        const end = talk.data === null ? "\r\n" : "\r\n.\r\n";
        const at = left.indexOf(end);
        if (at < 0) return;
        const text = left.slice(0, at);
        left = left.slice(at + end.length);
        if (talk.data === null) take(talk, text);
        else {
          talk.data = null;
          act(talk, "end", () => finish(talk, text));
        }
      }
    });
  };

  const welcome = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    const talk: Talk = {
      connection: socket,
      socket,
      isEncrypted: implicit,
      login: "",
      hasSender: false,
      to: [],
      data: null,
    };
    act(talk, "greeting", () => "220 localhost ESMTP");
    listen(talk);
  };

  const server: Server = implicit ? createTlsServer({ cert, key }, welcome) : createServer(welcome);
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    behave: (next) => {
      mood = next;
    },
    taken: () => taken,
    refused: () => refused,
    open: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
};
