import { setTimeout as wait } from "node:timers/promises";
import { LeewayError } from "../../core/errors.ts";
import { printableValues } from "../../core/printable-values.ts";
import { readingsOf } from "../../status/monitor-section.ts";
import type { StatusView } from "../../status/status-page.ts";
import type { ApiClient } from "../api-client.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderStatus } from "../render/status.ts";
import type { Terminal } from "../terminal.ts";

const REFRESH_MS = 2000;

const fetchStatus = async (client: ApiClient, migration: string | null): Promise<StatusView> => {
  const view = await client.get<StatusView>("/api/v1/status");
  if (migration === null) return view;
  const migrations = view.migrations.filter(({ name }) => name === migration);
  if (migrations.length === 0) {
    const known = view.migrations.map(({ name }) => name).join(", ") || "none";
    throw new LeewayError("migration-unknown", `no migration ${migration}; expected one of: ${known}`);
  }
  return { ...view, migrations, monitors: [] };
};

/** 1 while something is wrong: a problem, a rollback, a breach, a drift; 0 otherwise. */
const exitCodeFor = ({ problems, migrations, monitors }: StatusView): ExitCode => {
  const hasDrifted = monitors.some((monitor) => readingsOf(monitor).some(({ state }) => state === "drifted"));
  const isBad = migrations.some(
    ({ incident, verdicts }) => incident !== null || verdicts.some(({ verdict }) => verdict.outcome === "breach"),
  );
  return problems.length > 0 || isBad || hasDrifted ? 1 : 0;
};

/** `leeway status`: prints once, or every two seconds with `watch` until interrupted, or nobody reads any more. */
export const status = async (
  client: ApiClient,
  options: { readonly migration: string | null; readonly json: boolean; readonly watch: boolean },
  terminal: Pick<Terminal, "print" | "control" | "isClosed">,
): Promise<ExitCode> => {
  for (;;) {
    const view = await fetchStatus(client, options.migration);
    const text = options.json ? JSON.stringify(view) : renderStatus(printableValues(view));
    if (options.watch && !options.json) terminal.control("clearScreen");
    terminal.print(`${text}\n`);
    if (!options.watch) return exitCodeFor(view);
    await wait(REFRESH_MS);
    if (terminal.isClosed()) return 0;
  }
};
