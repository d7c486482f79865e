import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** What a test's certificate says. */
export interface CertificateSpec {
  readonly name?: string;
  /** Epoch ms; default: a day ago, and a day from now. */
  readonly validFrom?: number;
  readonly validTo?: number;
  /** Default: signed by itself. */
  readonly issuer?: Certificate;
}

/** A certificate, with the key it was made with. PEM. */
export interface Certificate {
  readonly name: string;
  readonly cert: string;
  readonly key: string;
  readonly privateKey: KeyObject;
}

/*
 * X.509 (RFC 5280) in DER, as far as a test needs it: Node reads certificates and makes none, and a key in the
 * repository would be taken for a leak.
 */

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value, "latin1"));
const identifier = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));

const ECDSA_WITH_SHA256 = sequence(identifier("2a8648ce3d040302"));
const nameOf = (name: string): Buffer => sequence(der(0x31, sequence(identifier("550403"), text(0x0c, name))));
const time = (ms: number): Buffer => text(0x18, `${new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "")}`);
const extension = (hex: string, value: Buffer): Buffer => sequence(identifier(hex), der(0x04, value));

const EXTENSIONS = sequence(
  // an authority, so that one may sign another
  extension("551d13", sequence(der(0x01, Buffer.from([255])))),
  // localhost, 127.0.0.1
  extension("551d11", sequence(text(0x82, "localhost"), der(0x87, Buffer.from([127, 0, 0, 1])))),
);

const pem = (label: string, content: Buffer): string =>
  `-----BEGIN ${label}-----\n${content.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END ${label}-----\n`;

const DAY_MS = 86_400_000;

/** Makes a certificate for localhost and 127.0.0.1 with a key of its own. */
export const aCertificate = (spec: CertificateSpec = {}): Certificate => {
  const { name = "leeway test", validFrom = Date.now() - DAY_MS, validTo = Date.now() + DAY_MS, issuer } = spec;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    nameOf(issuer?.name ?? name),
    sequence(time(validFrom), time(validTo)),
    nameOf(name),
    createPublicKey(privateKey).export({ type: "spki", format: "der" }),
    der(0xa3, EXTENSIONS),
  );
  const signature = sign("sha256", body, issuer?.privateKey ?? privateKey);
  const whole = sequence(body, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature));
  const key = String(privateKey.export({ type: "pkcs8", format: "pem" }));
  return { name, cert: pem("CERTIFICATE", whole), key, privateKey };
};
