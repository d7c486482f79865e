import { quoteName, quoteText } from "../quote.ts";

/** Where the tables live. Everything that differs between one server and a replicated cluster is decided here. */
export interface Placement {
  readonly database: string;
  /** Name of the cluster the tables are replicated on; null = one server, ClickHouse Cloud or the embedded engine. */
  readonly cluster: string | null;
}

/** `ON CLUSTER name `, or nothing outside a cluster. */
export const onCluster = ({ cluster }: Placement): string =>
  cluster === null ? "" : ` ON CLUSTER ${quoteName(cluster)}`;

/** Qualified name of a table, quoted. */
export const tableName = ({ database }: Placement, table: string): string =>
  `${quoteName(database)}.${quoteName(table)}`;

/**
 * Engine clause of a table of the MergeTree family. `family` is its prefix: "", "Aggregating". On a cluster the table
 * is replicated under a path made of the server's own macros; ClickHouse Cloud turns the plain form into its shared one.
 */
export const engineOf = ({ cluster }: Placement, family: "" | "Aggregating"): string =>
  cluster === null
    ? `${family}MergeTree`
    : `Replicated${family}MergeTree(${quoteText("/clickhouse/tables/{shard}/{database}/{table}")}, ${quoteText("{replica}")})`;

/**
 * Table setting that makes repeated inserts with one token a no-op for the last `blocks` inserts. It has to be set on
 * a source table and on the target of every materialized view behind it, or a repeat doubles the rollup.
 */
export const dedupWindow = ({ cluster }: Placement, blocks: number): string =>
  `${cluster === null ? "non_replicated" : "replicated"}_deduplication_window = ${blocks}`;
