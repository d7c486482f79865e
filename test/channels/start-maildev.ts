import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Certificate } from "../http/a-certificate.ts";
import { installPackages } from "../peers/install-packages.ts";
import { freePort } from "./free-port.ts";
import { startProgram } from "./start-program.ts";

const FOLDER = fileURLToPath(new URL("maildev", import.meta.url));

/** A running maildev. */
export interface Maildev {
  /** Where it takes mail, by TLS from the first byte. */
  readonly port: number;
  /** All mails it has, as JSON. */
  readonly mails: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Installs maildev where it is not there yet, and starts it. Rejects with the reason where it cannot be had. */
export const startMaildev = async ({
  certificate,
  user,
  password,
}: {
  readonly certificate: Certificate;
  readonly user: string;
  readonly password: string;
}): Promise<Maildev> => {
  const missing = await installPackages(FOLDER);
  if (missing !== null) throw new Error(missing);
  const folder = mkdtempSync(join(tmpdir(), "leeway-maildev-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  writeFileSync(cert, certificate.cert);
  writeFileSync(key, certificate.key);
  const [port, web] = [await freePort(), await freePort()];
  const settings = {
    smtp: port,
    web,
    ip: "127.0.0.1",
    "web-ip": "127.0.0.1",
    "incoming-user": user,
    "incoming-pass": password,
    "incoming-cert": cert,
    "incoming-key": key,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const mails = `http://127.0.0.1:${web}/api/email`;
  const program = await startProgram(join(FOLDER, "node_modules/.bin/maildev"), [...args, "--incoming-secure"], mails);
  return {
    port,
    mails: async () => (await fetch(mails)).text(),
    close: async () => {
      await program.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
