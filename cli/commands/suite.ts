import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stringify } from "yaml";
import { configInvalid } from "../../agent/config/problem.ts";
import { readYaml } from "../../agent/config/read-yaml.ts";
import { importPromptfoo } from "../../agent/suite/import-promptfoo.ts";
import { readSuite } from "../../agent/suite/read-suite.ts";
import { runSuite } from "../../agent/suite/run-suite.ts";
import { answersPath, suiteModels } from "../../agent/suite/suite-models.ts";
import type { SuiteReport } from "../../agent/suite/suite-report.ts";
import { suiteJsonSchema } from "../../agent/suite/suite-schema.ts";
import { LeewayError, messageOf } from "../../core/errors.ts";
import { printableLine } from "../../core/printable.ts";
import { shortNumber } from "../../core/short-number.ts";
import { clock, listen, PATIENCE_MS, positive, pricesOf, timeoutOf, whole } from "../asking.ts";
import type { ExitCode } from "../exit-code.ts";
import { createProgress } from "../render/progress.ts";
import { renderSuite } from "../render/suite.ts";
import { renderAnnotations } from "../render/suite-annotations.ts";
import { renderJunit } from "../render/suite-junit.ts";
import { renderSuitePage } from "../render/suite-page.ts";
import type { Terminal } from "../terminal.ts";

/** What `leeway suite run` is told; texts as they were typed. */
export interface SuiteOptions {
  readonly model: readonly string[];
  readonly provider: readonly string[];
  readonly baseUrl: readonly string[];
  readonly keyEnv: readonly string[];
  readonly runs?: string;
  readonly answers: string;
  readonly fresh?: boolean;
  readonly maxUsd?: string;
  readonly prices?: string;
  readonly concurrency?: string;
  readonly rate?: string;
  readonly timeout?: string;
  readonly retries?: string;
  readonly json?: boolean;
  readonly junit?: string;
  readonly html?: string;
  readonly github?: boolean;
  readonly allowUndecided?: boolean;
}

/** Where it prints, and where keys are. */
export interface SuiteConsole {
  readonly output: Terminal;
  readonly errors: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const write = (option: string, path: string | undefined, text: () => string): void => {
  if (path === undefined) return;
  try {
    writeFileSync(path, text());
  } catch (cause) {
    throw new LeewayError(
      "config-invalid",
      `--${option}: ${path} cannot be written (${messageOf(cause)}); expected a file`,
      {
        cause,
      },
    );
  }
};

const EXIT: Readonly<Record<SuiteReport["verdict"], ExitCode>> = {
  equivalent: 0,
  better: 0,
  "not-equivalent": 1,
  undecided: 4,
};

/** A proven "no" goes before what is wrong with the suite, and that before all else. */
const exitOf = ({ verdict, problems }: SuiteReport, allowUndecided: boolean): ExitCode => {
  if (verdict === "not-equivalent") return EXIT[verdict];
  if (problems.length > 0) return 2;
  return verdict === "undecided" && allowUndecided ? 0 : EXIT[verdict];
};

/** The model has to have a price where a limit is to be kept. */
const unpriced = (model: string): LeewayError =>
  new LeewayError(
    "config-invalid",
    `--max-usd: ${model} has no price, so that no limit could be kept; give one with --prices, or leave the limit out`,
  );

/**
 * `leeway suite run`: puts both models through a suite. Exit 0 equivalent or better, 1 not equivalent, 2 bad input (what could be run was,
 * and is reported), 4 undecided.
 */
export const suiteRun = async (path: string, options: SuiteOptions, parts: SuiteConsole): Promise<ExitCode> => {
  const { output, errors, environment } = parts;
  const suite = await readSuite(path);
  if (suite.cases.length === 0 && suite.problems.length === 0)
    throw new LeewayError("config-invalid", `${path}: no case; expected at least one (docs/suite.md)`);
  const models = suiteModels(suite, options, environment);
  const { price } = pricesOf(options.prices);
  const maxUsd = positive("max-usd", options.maxUsd);
  const runs = whole("runs", options.runs, [1, 1000]) ?? 5;
  const paths = {
    baseline: answersPath(options.answers, models.baseline),
    candidate: answersPath(options.answers, models.candidate),
  };
  if (paths.baseline === paths.candidate)
    throw new LeewayError(
      "config-invalid",
      "--model: the same model twice; expected two, or another name for one of them",
    );
  const known = {
    cached_tokens: null,
    cache_write_tokens: null,
    reasoning_tokens: null,
    input_tokens: 1,
    output_tokens: 1,
  };
  for (const { model, provider } of Object.values(models)) {
    const cost = price({ ...known, provider: provider.provider, request_model: model, response_model: "" });
    if (maxUsd !== null && cost === null) throw unpriced(model);
  }
  const plan = {
    ...{ suite, models, paths, runs, isFresh: options.fresh === true, maxUsd, rate: positive("rate", options.rate) },
    concurrency: whole("concurrency", options.concurrency, [1, 256]) ?? 16,
    retries: whole("retries", options.retries, [0, 20]) ?? 3,
    ...{ timeoutMs: timeoutOf(options.timeout), patienceMs: PATIENCE_MS },
  };
  const progress = createProgress(errors, Date.now);
  const { stop, ...signals } = listen(errors);
  const questions = suite.cases.reduce((sum, { turns }) => sum + 2 * runs * Math.max(1, turns.length), 0);
  let report: SuiteReport;
  try {
    report = await runSuite(plan, {
      ...{ price, clock, now: Date.now, ...signals },
      progress: ({ of, count, usd }) => {
        const all = of === "asking" ? questions : suite.cases.length;
        progress.show(count / Math.max(1, all), `${of} $${shortNumber(usd)}`);
      },
    });
  } finally {
    progress.end();
    stop();
  }
  write("junit", options.junit, () => renderJunit(report));
  write("html", options.html, () => renderSuitePage(report));
  if (options.github === true) (options.json === true ? errors : output).print(renderAnnotations(report));
  output.print(options.json === true ? `${JSON.stringify(report)}\n` : renderSuite(report));
  return exitOf(report, options.allowUndecided === true);
};

/**
 * `leeway suite import`: a configuration of promptfoo as a suite. Exit 0 when all of it is in there, 1 when something is not, which is
 * listed with what to do. An existing file is not written over.
 */
export const suiteImport = (
  path: string,
  { out }: { readonly out?: string },
  { output, errors }: Pick<SuiteConsole, "output" | "errors">,
): ExitCode => {
  const read = readYaml(path, path, "expected a configuration of promptfoo");
  if ("problems" in read) throw configInvalid(read.problems);
  const { suite, left } = importPromptfoo(read.value, dirname(path));
  const text = stringify(suite);
  if (out === undefined) output.print(text);
  else {
    try {
      writeFileSync(out, text, { flag: "wx" });
    } catch (cause) {
      const what = `--out: ${out} cannot be written (${messageOf(cause)}); expected a file that is not there yet`;
      throw new LeewayError("config-invalid", what, { cause });
    }
  }
  for (const line of left) errors.print(`not imported: ${printableLine(line)}\n`);
  errors.print(`${suite.cases.length} cases imported${left.length === 0 ? "" : `, ${left.length} things not`}\n`);
  return left.length === 0 ? 0 : 1;
};

/** `leeway suite schema`: the JSON Schema of a suite's file. */
export const suiteSchema = (print: (text: string) => void): ExitCode => {
  print(`${JSON.stringify(suiteJsonSchema(), null, 2)}\n`);
  return 0;
};
