import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTlsPair, type TlsFiles } from "../../http/tls-pair.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { aCertificate, type Certificate } from "./a-certificate.ts";

const filesOf = ({ cert, key }: Pick<Certificate, "cert" | "key">): TlsFiles => {
  const folder = temporaryDirectory({ "a.crt": cert, "a.key": key });
  return { cert: join(folder, "a.crt"), key: join(folder, "a.key") };
};

const NOW = Date.now();
const good = aCertificate();

describe("a certificate and its key", () => {
  it("are read, with the day they end", () => {
    const read = readTlsPair(filesOf(aCertificate({ validTo: 2_000_000_000_000 })), NOW);
    expect(read).toMatchObject({ pair: { validToMs: 2_000_000_000_000 } });
  });

  it("are read with what leads to the authority behind the certificate", () => {
    const authority = aCertificate({ name: "authority" });
    const leaf = aCertificate({ issuer: authority });
    expect(readTlsPair(filesOf({ ...leaf, cert: leaf.cert + authority.cert }), NOW)).toHaveProperty("pair");
  });

  const encrypted = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" },
  }).privateKey;

  it.each<[string, Pick<Certificate, "cert" | "key">, keyof TlsFiles, RegExp]>([
    ["no PEM", { ...good, cert: "hello" }, "cert", /^cannot be used; expected a PEM file with the certificate first$/],
    ["an empty file", { ...good, cert: "" }, "cert", /^cannot be used; expected a PEM/],
    ["a key in the place of the certificate", { ...good, cert: good.key }, "cert", /^cannot be used/],
    ["a certificate cut short", { ...good, cert: good.cert.slice(0, 300) }, "cert", /^cannot be used/],
    ["no key", { ...good, key: "hello" }, "key", /^cannot be used; expected a PEM file with a private key without/],
    ["a key with a passphrase", { ...good, key: encrypted }, "key", /without passphrase$/],
    ["the key of another", { ...good, key: aCertificate().key }, "key", /^is not the key of the certificate; expected/],
    ["one that is over", aCertificate({ validTo: 1_600_000_000_000 }), "cert", /^expired on 2020-09-13 12:26 UTC; exp/],
    ["one that has not begun", aCertificate({ validFrom: 4e12, validTo: 5e12 }), "cert", /^is valid from 2096-10-02 /],
  ])("are refused: %s", (_what, pair, at, text) => {
    const files = filesOf(pair);
    expect(readTlsPair(files, NOW)).toEqual({ at, path: files[at], text: expect.stringMatching(text) });
  });

  it.each<keyof TlsFiles>(["cert", "key"])("are refused where the %s is missing, or is a directory", (at) => {
    const files = filesOf(good);
    rmSync(files[at]);
    expect(readTlsPair(files, NOW)).toMatchObject({
      at,
      text: "cannot be read (ENOENT); expected a file this user may read",
    });
    mkdirSync(files[at]);
    expect(readTlsPair(files, NOW)).toMatchObject({ at, text: expect.stringContaining("EISDIR") });
  });

  it("are never quoted: a key in the wrong file stays unsaid", () => {
    const files = filesOf(good);
    writeFileSync(files.cert, good.key);
    expect(JSON.stringify(readTlsPair(files, NOW))).not.toContain(good.key.slice(40, 60));
  });
});
