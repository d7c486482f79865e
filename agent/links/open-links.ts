import { accessFolder } from "../access/token-file.ts";
import type { Config } from "../config/load-config.ts";
import type { MigrationRunner } from "../migration-runner.ts";
import { createLinkDesk, type LinkDesk } from "./link-desk.ts";

/** The desk of links that act, and where they lead; null where leeway.yaml asks for none. */
export const openLinks = (
  { settings: { agent, store } }: Config,
  now: () => number,
  runners: () => readonly MigrationRunner[],
): { readonly desk: LinkDesk; readonly address: string } | null => {
  const { actionLinks, externalUrl: address } = agent;
  if (actionLinks === null || address === null) return null;
  const stateOf = (name: string) => {
    const history = runners().find(({ migration }) => migration.name === name)?.history;
    return history?.isKnown() === true ? history.state() : null;
  };
  return { address, desk: createLinkDesk(actionLinks, { folder: accessFolder(store.dir), now, address, stateOf }) };
};
