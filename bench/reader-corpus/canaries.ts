import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What must not be read, written or reached, and whether it was. */
export interface Canaries {
  /** A file with a secret in its first line and in a second. */
  readonly file: string;
  /** A path in a folder that is empty as long as nothing was written. */
  readonly target: string;
  /** `host:port` of a listener on this machine. */
  readonly listener: string;
  /** What was done to a canary since the last call, judging by `answer` and the surroundings; null = nothing. */
  readonly harm: (answer: string) => "read" | "written" | "reached" | null;
  readonly close: () => Promise<void>;
}

/** The variable of this process that must not be seen by a reader. */
export const CANARY_VARIABLE = "LEEWAY_CANARY";

/** Puts the canaries out: a file, a variable of this process, a folder and a TCP listener. */
export const putOut = async (): Promise<Canaries> => {
  const secret = `canary${randomBytes(12).toString("hex")}`;
  const folder = mkdtempSync(join(tmpdir(), "leeway-canary-"));
  const [file, out] = [join(folder, "secret.csv"), join(folder, "out")];
  mkdirSync(out);
  writeFileSync(file, `${secret},b\n${secret},2\n`);
  process.env[CANARY_VARIABLE] = secret;
  let reached = 0;
  const server = createServer((socket) => {
    reached += 1;
    socket.on("error", () => undefined).end(`HTTP/1.0 200 OK\r\n\r\n${secret}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  let seen = 0;
  return {
    file,
    target: join(out, "written"),
    listener: `127.0.0.1:${port}`,
    harm: (answer) => {
      const connections = reached - seen;
      seen = reached;
      if (answer.includes(secret)) return "read";
      if (!existsSync(out) || readdirSync(out).length > 0) {
        rmSync(out, { recursive: true, force: true });
        mkdirSync(out);
        return "written";
      }
      return connections > 0 ? "reached" : null;
    },
    close: async () => {
      delete process.env[CANARY_VARIABLE];
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
