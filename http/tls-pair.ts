import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { messageOf } from "../core/errors.ts";
import { utcMinute } from "../core/utc-text.ts";

/** Where a listener's certificate is: paths of PEM files. */
export interface TlsFiles {
  /** The certificate, followed by those that lead to its authority. */
  readonly cert: string;
  /** Its private key, without a passphrase. */
  readonly key: string;
}

/** A certificate and its key as they were read, fit to be used. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
  /** When it stops being valid, epoch ms. */
  readonly validToMs: number;
}

/** The pair, or which of the two is at fault and how: `problem; expected …`, without the path. */
export type TlsRead =
  | { readonly pair: TlsPair }
  | { readonly at: keyof TlsFiles; readonly path: string; readonly text: string };

/** A step on the way to a pair that ended it. */
class Fault extends Error {
  readonly at: keyof TlsFiles;

  constructor(at: keyof TlsFiles, text: string) {
    super(text);
    this.at = at;
  }
}

const EXPECTED: Readonly<Record<keyof TlsFiles, string>> = {
  cert: "expected a PEM file with the certificate first",
  key: "expected a PEM file with a private key without passphrase",
};

const readFile = (at: keyof TlsFiles, path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : messageOf(error);
    throw new Fault(at, `cannot be read (${code}); expected a file this user may read`);
  }
};

const parse = <T>(at: keyof TlsFiles, make: () => T): T => {
  try {
    return make();
  } catch {
    // the parser's own message is of no use to anybody, and may quote the file
    throw new Fault(at, `cannot be used; ${EXPECTED[at]}`);
  }
};

const minute = (text: string): string => utcMinute(Date.parse(text));

const checkTimes = ({ validFrom, validTo }: X509Certificate, now: number): void => {
  if (Date.parse(validTo) <= now)
    throw new Fault("cert", `expired on ${minute(validTo)} UTC; expected one that is valid`);
  if (Date.parse(validFrom) > now) {
    throw new Fault(
      "cert",
      `is valid from ${minute(validFrom)} UTC only; expected one that is valid, or the right time`,
    );
  }
};

const checkKey = (certificate: X509Certificate, key: KeyObject): void => {
  if (!certificate.checkPrivateKey(key)) {
    throw new Fault("key", "is not the key of the certificate; expected the one it was made with");
  }
};

const readPair = (files: TlsFiles, now: number): TlsPair => {
  const [cert, key] = [readFile("cert", files.cert), readFile("key", files.key)];
  const certificate = parse("cert", () => new X509Certificate(cert));
  checkKey(
    certificate,
    parse("key", () => createPrivateKey(key)),
  );
  checkTimes(certificate, now);
  return { cert, key, validToMs: Date.parse(certificate.validTo) };
};

/** Reads a certificate and its key and looks whether a listener can use them at `now` (epoch ms). */
export const readTlsPair = (files: TlsFiles, now: number): TlsRead => {
  try {
    return { pair: readPair(files, now) };
  } catch (error) {
    if (error instanceof Fault) return { at: error.at, path: files[error.at], text: error.message };
    throw error;
  }
};
