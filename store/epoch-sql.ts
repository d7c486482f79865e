/** SQL for the epoch ms of a DateTime64(3) column, an Int64. */
export const epochOf = (column: string): string => `toUnixTimestamp64Milli(${column})`;

/** SQL for the moment a placeholder of epoch ms names. */
export const momentOf = (param: string): string => `fromUnixTimestamp64Milli({${param}:Int64}, 'UTC')`;

/** Text ClickHouse reads as the DateTime64(3) of an epoch ms, in UTC. */
export const momentText = (epochMs: number): string =>
  new Date(epochMs).toISOString().replace("T", " ").replace("Z", "");
