import { LEEWAY } from "../../core/attributes.ts";
import { type ExportCounts, totalDropped } from "./export-counts.ts";

/** An exporter's counts as attributes of the span or event that tells the collector of them. */
export const reportAttributes = (counts: ExportCounts): Readonly<Record<string, number>> => ({
  [LEEWAY.exportMade]: counts.made,
  [LEEWAY.exportSent]: counts.sent,
  [LEEWAY.exportSpooled]: counts.spooled,
  [LEEWAY.exportReplayed]: counts.replayed,
  [LEEWAY.exportDropped]: totalDropped(counts),
  ...Object.fromEntries(
    Object.entries(counts.dropped).map(([reason, count]) => [LEEWAY.exportDroppedPrefix + reason, count]),
  ),
});
