import { describe, expect, it } from "vitest";
import { readerSettings } from "../../../../store/embedded/reader/reader-settings.ts";

describe("readerSettings", () => {
  it.each([
    ["output_format_json_quote_64bit_integers", "0"],
    ["max_execution_time", "7"],
    ["session_timezone", "America/Argentina/Buenos_Aires"],
    ["session_timezone", "Etc/GMT+1"],
    ["limit", "0"],
    ["date_time_output_format", "iso"],
    ["log_comment", "panel 3"],
  ])("passes %s = %s", (name, value) => {
    expect(readerSettings([[name, value]])).toEqual([[name, value]]);
  });

  it.each([
    ["max_execution_time", "0", "30"],
    ["max_execution_time", "3600", "30"],
    ["max_result_rows", "0", "1000000"],
    ["max_threads", "64", "2"],
    ["max_block_size", "1000000000", "65409"],
  ])("lowers %s = %s to %s", (name, value, applied) => {
    expect(readerSettings([[name, value]])).toEqual([[name, applied]]);
  });

  it.each([
    ["output_format_schema", "/tmp/x"],
    ["output_format_of_tomorrow", "1"],
    ["http_make_head_request", "1"],
    ["format_schema", "/etc/passwd"],
    ["max_memory_usage", "0"],
    ["readonly", "0"],
    ["dialect", "kusto"],
    ["constructor", "1"],
  ])("does not know %s", (name, value) => {
    expect(readerSettings([[name, value]])).toMatchObject({ code: 164 });
  });

  it.each([
    ["extremes", "/etc/passwd"],
    ["max_execution_time", "-1"],
    ["max_execution_time", "1e9"],
    ["max_execution_time", "Infinity"],
    ["session_timezone", "/etc/passwd"],
    ["session_timezone", "../../etc/passwd"],
    ["session_timezone", "Etc/../../passwd"],
    ["session_timezone", "a/b/c/d"],
    ["log_comment", "two\nlines"],
    ["log_comment", "x".repeat(201)],
  ])("takes no %s = %j", (name, value) => {
    expect(readerSettings([[name, value]])).toMatchObject({ code: 452 });
  });
});
