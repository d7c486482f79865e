/** Lines of a table: columns as wide as their widest cell, numbers (cells that begin with a digit or sign) to the right. */
export const renderTable = (header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const isNumber = (column: number): boolean =>
    rows.length > 0 && rows.every((row) => /^([-+]?\d|–|$)/.test(row[column] ?? ""));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(header), ...rows.map(line)];
};
