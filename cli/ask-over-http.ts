import { X509Certificate } from "node:crypto";
import { type IncomingMessage, type RequestOptions, request } from "node:http";
import { request as secureRequest } from "node:https";
import { checkServerIdentity, type PeerCertificate } from "node:tls";

/** What a server's certificate is held against. */
export type Trust =
  /** The authorities Node knows, and those of NODE_EXTRA_CA_CERTS. */
  | { readonly by: "system" }
  /** Authorities, or the certificate itself, in PEM; the name has to fit. */
  | { readonly by: "authority"; readonly pem: string }
  /** It has to be this very certificate, PEM; whatever name it is for. */
  | { readonly by: "certificate"; readonly pem: string };

/** A request to make. */
export interface Question {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Gives up after so long, ms. */
  readonly timeoutMs: number;
}

/** What was answered. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

const isSame = (peer: PeerCertificate, pem: string): boolean => new X509Certificate(pem).raw.equals(peer.raw);

const tlsOf = (trust: Trust): RequestOptions & Record<string, unknown> => {
  if (trust.by === "system") return {};
  // the certificate itself is enough: who names it need not have its authority at hand
  const options = { ca: trust.pem, allowPartialTrustChain: true };
  if (trust.by === "authority") return options;
  const checkName = (host: string, peer: PeerCertificate): Error | undefined =>
    isSame(peer, trust.pem) ? undefined : checkServerIdentity(host, peer);
  return { ...options, checkServerIdentity: checkName };
};

const readAll = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
};

/** Asks an HTTP or HTTPS server. Rejects with the error of the connection; every status is an answer. */
export const askOverHttp = async (url: string, question: Question, trust: Trust): Promise<Answer> => {
  const { method, headers, body, timeoutMs } = question;
  const isSecure = new URL(url).protocol === "https:";
  const length = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const options = {
    method,
    headers: { ...headers, ...length, connection: "close" },
    signal: AbortSignal.timeout(timeoutMs),
    ...(isSecure ? tlsOf(trust) : {}),
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = isSecure ? secureRequest(url, options) : request(url, options);
    asked.on("response", resolve).on("error", reject).end(body);
  });
  return { status: response.statusCode ?? 0, body: await readAll(response) };
};
