import { appendFileSync } from "node:fs";
import { it } from "vitest";
import type { FlagUnderTest } from "../alerts/flags/flag-contract.ts";
import { measureTarget } from "./measure-target.ts";

/** Stands in for the contract when the table is made (vitest.table.config.ts): what the contract would test is measured. */
export const describeFlagContract = (name: string, start: () => Promise<FlagUnderTest>): void => {
  it(`is measured: ${name}`, async () => {
    const file = process.env.LEEWAY_FLAG_ROWS;
    if (file === undefined) throw new Error("LEEWAY_FLAG_ROWS names no file");
    appendFileSync(file, `${JSON.stringify({ name, measured: await measureTarget(await start()) })}\n`);
  });
};
