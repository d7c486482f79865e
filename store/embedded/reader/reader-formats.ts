/**
 * Formats a reader may be answered in. Left out on purpose: whatever takes a schema, a template or a registry
 * (Protobuf, CapnProto, Avro, Template …), whatever is for other protocols, and the binary ones nobody asked for.
 */
export const FORMATS: ReadonlySet<string> = new Set(
  `
  JSON JSONStrings JSONColumns JSONColumnsWithMetadata JSONCompact JSONCompactStrings JSONCompactColumns
  JSONEachRow JSONLines JSONL NDJSON JSONStringsEachRow PrettyJSONEachRow PrettyJSONLines PrettyNDJSON
  JSONEachRowWithProgress JSONStringsEachRowWithProgress JSONCompactEachRowWithProgress
  JSONCompactStringsEachRowWithProgress JSONObjectEachRow
  JSONCompactEachRow JSONCompactEachRowWithNames JSONCompactEachRowWithNamesAndTypes
  JSONCompactStringsEachRow JSONCompactStringsEachRowWithNames JSONCompactStringsEachRowWithNamesAndTypes
  TSV TSVWithNames TSVWithNamesAndTypes TSVRaw TSVRawWithNames TSVRawWithNamesAndTypes
  TabSeparated TabSeparatedWithNames TabSeparatedWithNamesAndTypes
  TabSeparatedRaw TabSeparatedRawWithNames TabSeparatedRawWithNamesAndTypes Raw
  CSV CSVWithNames CSVWithNamesAndTypes TSKV
  Native RowBinary RowBinaryWithNames RowBinaryWithNamesAndTypes
  Pretty PrettyCompact PrettySpace PrettyNoEscapes PrettyCompactNoEscapes PrettySpaceNoEscapes
  PrettyMonoBlock PrettyCompactMonoBlock PrettySpaceMonoBlock
  PrettyNoEscapesMonoBlock PrettyCompactNoEscapesMonoBlock PrettySpaceNoEscapesMonoBlock
  Values Vertical Markdown XML Null
`
    .trim()
    .split(/\s+/),
);
