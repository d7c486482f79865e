import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { followTlsFiles } from "../../http/follow-tls-files.ts";
import { readTlsPair, type TlsPair } from "../../http/tls-pair.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { recordingLog } from "../store/recording-log.ts";
import { aCertificate, type Certificate } from "./a-certificate.ts";

const following = (first: Certificate) => {
  const folder = temporaryDirectory({ "a.crt": first.cert, "a.key": first.key });
  const files = { cert: join(folder, "a.crt"), key: join(folder, "a.key") };
  const read = readTlsPair(files, Date.now());
  if (!("pair" in read)) throw new Error(read.text);
  const used: TlsPair[] = [];
  const clock = { ms: Date.now() };
  const { log, messages } = recordingLog();
  const followed = followTlsFiles(
    { key: "agent.tls", files, pair: read.pair, everyMs: 5 },
    { use: (pair) => void used.push(pair), now: () => clock.ms, log },
  );
  onTestFinished(followed.stop);
  const write = ({ cert, key }: Pick<Certificate, "cert" | "key">): void => {
    writeFileSync(files.cert, cert);
    writeFileSync(files.key, key);
  };
  return { files, followed, used, messages, clock, write };
};

test("what is new is put to use, once", async () => {
  const { used, messages, write, followed } = following(aCertificate());
  const next = aCertificate();
  write(next);
  await expect.poll(() => used.at(-1)?.cert).toBe(next.cert);
  expect(used).toHaveLength(1);
  expect(messages).toEqual(["agent.tls: the new certificate is in use"]);
  expect(followed.problem()).toBe("");
});

test("what cannot be used leaves the one before in use, and is said once, until it can", async () => {
  const { files, used, messages, write, followed } = following(aCertificate());
  const next = aCertificate();
  write({ ...next, key: "no key" });
  await expect
    .poll(followed.problem)
    .toBe(`agent.tls.key: ${files.key} cannot be used; expected a PEM file with a private key without passphrase`);
  expect([used, messages]).toEqual([[], [`${followed.problem()}; the one in use stays`]]);
  write(next);
  await expect.poll(() => used).toHaveLength(1);
  expect(followed.problem()).toBe("");
});

test("an expired one is said to be", () => {
  const { followed, clock } = following(aCertificate({ validTo: 2_000_000_000_000 }));
  expect(followed.problem()).toBe("");
  clock.ms = 2_000_000_000_000;
  expect(followed.problem()).toBe(
    "agent.tls.cert: the certificate in use expired on 2033-05-18T03:33:20.000Z; put a new one there",
  );
});
