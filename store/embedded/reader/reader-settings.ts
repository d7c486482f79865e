import { type Exception, exceptionOf } from "../exception.ts";

/** A setting as it was sent or is applied. */
type Setting = readonly [name: string, value: string];

/** The value to apply, or null for one that is not allowed. */
type Check = (value: string) => string | null;

const matching =
  (pattern: RegExp): Check =>
  (value) =>
    pattern.test(value) ? value : null;

const FLAG = matching(/^(0|1|true|false)$/i);

/** A whole number, lowered to `most`; 0 means no limit to the engine, so it becomes `most` as well. */
const atMost =
  (most: number): Check =>
  (value) => {
    if (!/^\d{1,19}$/.test(value)) return null;
    const number = Number(value);
    return number > 0 && number < most ? value : String(most);
  };

const NUMBER = matching(/^\d{1,19}$/);

const FLAGS: readonly string[] = `
  extremes join_use_nulls send_progress_in_http_headers http_wait_end_of_query
  output_format_json_quote_64bit_integers output_format_json_quote_64bit_floats output_format_json_quote_denormals
  output_format_json_quote_decimals output_format_json_escape_forward_slashes output_format_json_array_of_rows
  output_format_json_named_tuples_as_objects output_format_json_skip_null_value_in_named_tuples
  output_format_json_map_as_array_of_tuples output_format_json_validate_utf8 output_format_json_pretty_print
  output_format_csv_crlf_end_of_line output_format_tsv_crlf_end_of_line
  output_format_csv_serialize_tuple_into_separate_columns
  output_format_csv_header_serialize_tuple_into_separate_columns output_format_decimal_trailing_zeros
  output_format_always_write_decimal_point_in_float_and_decimal output_format_trim_fixed_string
  output_format_write_statistics output_format_values_escape_quote_with_quote
  output_format_markdown_escape_special_characters output_format_pretty_row_numbers
  output_format_pretty_named_tuples_as_json output_format_pretty_multiline_fields
  output_format_pretty_highlight_digit_groups output_format_pretty_highlight_trailing_spaces
  output_format_native_encode_types_in_binary_format output_format_native_write_json_as_string
  output_format_binary_encode_types_in_binary_format output_format_binary_write_json_as_string
`
  .trim()
  .split(/\s+/);

/** Settings a reader may send, by exact name: they shape or shorten an answer, and each value is looked at. */
const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ...FLAGS.map((name) => [name, FLAG] as const),
  // Clients such as clickhouse-go always send this one.
  ["max_execution_time", atMost(30)],
  ["max_result_rows", atMost(1_000_000)],
  ["max_block_size", atMost(65_409)],
  ["max_threads", atMost(2)],
  ["limit", NUMBER],
  ["offset", NUMBER],
  ["http_headers_progress_interval_ms", NUMBER],
  ["output_format_float_precision", atMost(17)],
  ["output_format_pretty_max_rows", atMost(10_000)],
  ["output_format_pretty_max_column_pad_width", atMost(250)],
  ["output_format_pretty_max_value_width", atMost(10_000)],
  ["output_format_pretty_color", matching(/^(0|1|auto)$/)],
  ["output_format_pretty_grid_charset", matching(/^(UTF-8|ASCII)$/)],
  ["date_time_output_format", matching(/^(simple|iso|unix_timestamp)$/)],
  // A name, not a path: zones that the engine does not bring along are looked up as files.
  ["session_timezone", matching(/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z][A-Za-z0-9_+-]*){0,2}$/)],
  ["log_comment", matching(/^[ -~]{0,200}$/)],
]);

const refused = (name: string, value: string, check: Check | undefined): Exception =>
  check === undefined
    ? exceptionOf(164, "READONLY", `Cannot modify '${name.slice(0, 100)}' setting in readonly mode.`)
    : exceptionOf(452, "SETTING_CONSTRAINT_VIOLATION", `reader: ${name} = ${value.slice(0, 100)} is not allowed.`);

/** The reader's settings as they are applied: those that are not on the list refused, limits lowered. */
export const readerSettings = (asked: readonly Setting[]): readonly Setting[] | Exception => {
  const applied: Setting[] = [];
  for (const [name, value] of asked) {
    const check = CHECKS.get(name);
    const allowed = check?.(value) ?? null;
    if (allowed === null) return refused(name, value, check);
    applied.push([name, allowed]);
  }
  return applied;
};
