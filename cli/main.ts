#!/usr/bin/env node
import { Command as Program } from "commander";
import { LeewayError, messageOf } from "../core/errors.ts";
import { COMMAND_TYPES, COMMANDS } from "../lifecycle/commands/commands.ts";
import { type AgentOptions, connect } from "./api-client.ts";
import type { CommandOptions } from "./commands/command.ts";
import { type ExitCode, exitCodeOf } from "./exit-code.ts";
import { createTerminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

// Everything the product prints goes through these two.
const errors = createTerminal(process.stderr);
const output = createTerminal(process.stdout, (error) => {
  errors.print(`standard output cannot be written (${messageOf(error)})\n`);
  process.exitCode = 2;
});
const { print } = output;
const complain = errors.print;

/** The one place where errors become text and an exit code. */
const run = async (work: () => ExitCode | Promise<ExitCode>): Promise<void> => {
  try {
    process.exitCode = await work();
  } catch (error) {
    complain(`${error instanceof LeewayError ? error.message : messageOf(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
};

const program = new Program("leeway")
  .description("Drift monitoring for LLM model migrations: detect, roll back, prove.")
  .version(VERSION)
  .showHelpAfterError("(leeway --help lists the commands)")
  .configureOutput({ writeErr: complain, writeOut: print })
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

const CONFIG = ["-c, --config <file>", "configuration file", "leeway.yaml"] as const;
const AGENT = ["--agent <url>", "address of the agent; default: agent.listen of the configuration"] as const;
const CA = ["--ca <file>", "PEM file of the authority to believe over https; default: agent.tls.cert"] as const;

const readTraffic = (text: string): number => {
  const calls = Number(text);
  if (Number.isFinite(calls) && calls > 0) return calls;
  throw new LeewayError("config-invalid", `--traffic: ${text}; expected calls an hour, more than 0`);
};

program
  .command("init")
  .description("write a commented leeway.yaml and migrations/example.yaml")
  .argument("[folder]", "where to write", ".")
  .action((folder: string) =>
    run(async (): Promise<ExitCode> => {
      const { initFiles } = await import("./commands/init.ts");
      for (const path of initFiles(folder)) print(`wrote ${path}\n`);
      return 0;
    }),
  );

program
  .command("check")
  .description("validate leeway.yaml and the migration documents; print how many calls each rule needs")
  .argument("[documents...]", "migration documents; default: migrations/*.yaml beside the configuration")
  .option(...CONFIG)
  .option("--traffic <calls>", "calls an hour, both arms together, to work out each rule's power at", "10000")
  .action((documents: readonly string[], { config, traffic }: { readonly config: string; readonly traffic: string }) =>
    run(async () => {
      const { check } = await import("./commands/check.ts");
      return check(config, documents, readTraffic(traffic), print, complain);
    }),
  );

program
  .command("start")
  .description("run the agent")
  .option(...CONFIG)
  .action(({ config }: { readonly config: string }) =>
    run(async () => (await import("./commands/start.ts")).start(config, { output, errors })),
  );

interface ShownOptions extends AgentOptions {
  readonly json?: boolean;
}

program
  .command("status")
  .description("stage, verdict per rule, sample sizes, freshness; exit 1 while something is wrong")
  .argument("[migration]")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .option("--watch", "print again every two seconds")
  .option("--json", "print JSON")
  .action((migration: string | undefined, options: ShownOptions & { readonly watch?: boolean }) =>
    run(async () => {
      const { status } = await import("./commands/status.ts");
      const { json = false, watch = false } = options;
      return status(connect(options), { migration: migration ?? null, json, watch }, output);
    }),
  );

program
  .command("explain")
  .description("the evidence behind a verdict, re-derivable by hand")
  .argument("<migration>")
  .argument("[rule]")
  .option(...CONFIG)
  .option(...AGENT)
  .option(...CA)
  .option("--json", "print JSON")
  .action((migration: string, rule: string | undefined, options: ShownOptions) =>
    run(async () => {
      const { explain } = await import("./commands/explain.ts");
      return explain(connect(options), { migration, rule: rule ?? null, json: options.json ?? false }, print);
    }),
  );

interface CompareFlags {
  readonly baseline?: string;
  readonly canary?: string;
  readonly json?: boolean;
  readonly html?: string;
  readonly allowUndecided?: boolean;
}

for (const command of COMMANDS) {
  const declared = program
    .command(command)
    .description(COMMAND_TYPES[command].help)
    .argument("<migration>")
    .option("--reason <text>", "why; asked for when left out on a terminal")
    .option("--by <name>", "who; default: the user running the command");
  if (COMMAND_TYPES[command].isForStage)
    declared.option(
      "--stage <number>",
      "the stage it is meant for, from 1; refused at another; default: the present one",
    );
  declared
    .option(...CONFIG)
    .option(...AGENT)
    .option(...CA)
    .action((migration: string, options: AgentOptions & CommandOptions) =>
      run(async () => {
        const { giveCommand } = await import("./commands/command.ts");
        return giveCommand(connect(options), command, migration, options, print);
      }),
    );
}

program
  .command("compare")
  .description("compare two sets of answers offline; exit 1 when drift is found, 4 when there are too few to say")
  .argument("[records]", "JSON Lines with both cohorts")
  .option("--baseline <file>", "JSON Lines of the baseline")
  .option("--canary <file>", "JSON Lines of the canary")
  .option("--json", "print JSON")
  .option("--html <file>", "write a report with plots")
  .option("--allow-undecided", "exit 0 instead of 4 when there are too few answers to say")
  .action((records: string | undefined, options: CompareFlags) =>
    run(async () => {
      const { compare } = await import("./commands/compare.ts");
      const { baseline = null, canary = null, html = null, json = false } = options;
      const allowUndecided = options.allowUndecided ?? false;
      return compare({ records: records ?? null, baseline, canary, html, json, allowUndecided }, print);
    }),
  );

interface BacktestFlags {
  readonly config: string;
  readonly document?: string;
  readonly from?: string;
  readonly to?: string;
  readonly every?: string;
  readonly aa?: string | true;
  readonly inject: readonly string[];
  readonly at?: string;
  readonly share?: string;
  readonly seed?: string;
  readonly json?: boolean;
}

program
  .command("backtest")
  .description("judge the stored ticks again: what would have been decided, when; exit 1 when a rule was breached")
  .argument("<migration>")
  .option("--from <moment>", "judge from here only: 2026-11-20T09:30Z, or 2d before now; default: from its start")
  .option("--to <moment>", "to here; default: to the newest tick")
  .option("--document <file>", "judge by the rules of this document instead of the migration's own")
  .option("--every <duration>", "merge the ticks to this length; default: as stored, 1m beyond 20000 ticks")
  .option("--aa [runs]", "judge random halves of the baseline instead: how often do these rules alarm without a reason")
  .option(
    "--inject <change>",
    "put a regression into one half (repeatable): error=+9pt, cost_usd=+40%, latency_ms.p99=+500ms",
    (change: string, before: readonly string[]): readonly string[] => [...before, change],
    [],
  )
  .option("--at <duration>", "how long after the beginning it is put in; default: at once")
  .option("--share <percent>", "part of the baseline that stands for the canary; default: the first stage's")
  .option("--seed <number>", "another dealing; default: 1")
  .option(...CONFIG)
  .option("--json", "print JSON")
  .action((migration: string, flags: BacktestFlags) =>
    run(async () => {
      const { backtest } = await import("./commands/backtest.ts");
      const { document = null, from = null, to = null, every = null, aa = null } = flags;
      const { config, inject, at = null, share = null, seed = null, json = false } = flags;
      return backtest(
        { config, migration, document, from, to, every, aa, inject, at, share, seed, json },
        { print, errors },
      );
    }),
  );

program
  .command("reader")
  .description("address, user and password for reading the embedded store with curl or Grafana")
  .option(...CONFIG)
  .option("--json", "print JSON")
  .action(({ config, json = false }: { readonly config: string; readonly json?: boolean }) =>
    run(async () => (await import("./commands/reader.ts")).reader({ config, json }, print)),
  );

program
  .command("demo")
  .description("a real migration end to end on this machine, in about a minute")
  .option("--healthy", "the candidate stays healthy: nothing may fire")
  .option("--json", "print one JSON document instead of prose")
  .action((options: { readonly healthy?: boolean; readonly json?: boolean }) =>
    run(async () => {
      const { demo } = await import("../demo/demo.ts");
      return demo({ healthy: options.healthy ?? false, json: options.json ?? false }, print);
    }),
  );

await program.parseAsync();
