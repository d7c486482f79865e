import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { startProgram } from "./start-program.ts";

/** An alert as Alertmanager shows it. */
export interface SeenAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly endsAt: string;
  readonly status: {
    readonly state: "active" | "suppressed" | "unprocessed";
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
  };
}

/** A running Alertmanager. */
export interface RunningAlertmanager {
  readonly url: string;
  /** What fires, silenced and inhibited ones as well. */
  readonly alerts: () => Promise<readonly SeenAlert[]>;
  /** Silences what has this label for an hour. */
  readonly silence: (name: string, value: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A rollback silences the pauses of its migration, by Alertmanager's own means. */
const CONFIG = `
route: { receiver: nobody, group_wait: 0s, group_interval: 1s }
receivers: [{ name: nobody }]
inhibit_rules:
  - source_matchers: [ 'alertname = LeewayRollback' ]
    target_matchers: [ 'alertname = LeewayPause' ]
    equal: [ migration ]
`;

/** Starts the Alertmanager of Debian's package. Rejects with what to install where it is not there. */
export const startAlertmanager = async (): Promise<RunningAlertmanager> => {
  const folder = mkdtempSync(join(tmpdir(), "leeway-alertmanager-"));
  const config = join(folder, "config.yml");
  writeFileSync(config, CONFIG);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    `--config.file=${config}`,
    `--storage.path=${folder}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--cluster.listen-address=",
  ];
  const program = await startProgram("prometheus-alertmanager", args, `${url}/-/ready`).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`${String(error)} (Debian: apt-get install prometheus-alertmanager)`);
  });
  return {
    url,
    alerts: async () => (await fetch(`${url}/api/v2/alerts`)).json() as Promise<readonly SeenAlert[]>,
    silence: async (name, value) => {
      const [startsAt, endsAt] = [new Date(), new Date(Date.now() + 3_600_000)];
      const matchers = [{ name, value, isRegex: false, isEqual: true }];
      const body = JSON.stringify({ matchers, startsAt, endsAt, createdBy: "test", comment: "maintenance" });
      const headers = { "content-type": "application/json" };
      const { status } = await fetch(`${url}/api/v2/silences`, { method: "POST", headers, body });
      if (status !== 200) throw new Error(`the silence was not taken: HTTP ${status}`);
    },
    close: async () => {
      await program.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
