/** An error as ClickHouse reports it: a numeric code, its name and one message. */
export interface Exception {
  readonly code: number;
  /** Whole text, `Code: 62. DB::Exception: … (SYNTAX_ERROR)`. */
  readonly text: string;
}

/** Builds an exception of the interface's own, in the engine's wording. */
export const exceptionOf = (code: number, name: string, message: string): Exception => ({
  code,
  text: `Code: ${code}. DB::Exception: ${message} (${name})`,
});

/** Reads the engine's exception out of what the binding threw; anything else is code 1002, UNKNOWN_EXCEPTION. */
export const exceptionFrom = (error: unknown): Exception => {
  const text = error instanceof Error ? error.message : String(error);
  const code = Number(/^Code:\s*(\d+)/.exec(text)?.[1] ?? Number.NaN);
  return Number.isNaN(code) ? exceptionOf(1002, "UNKNOWN_EXCEPTION", text) : { code, text };
};

const STATUSES: readonly (readonly [status: number, codes: readonly number[]])[] = [
  [400, [6, 26, 27, 36, 38, 41, 42, 43, 53, 62, 69, 72, 117, 130, 386, 456, 457, 636]],
  [401, [194]],
  [403, [164, 192, 193, 497, 516]],
  [404, [16, 46, 47, 50, 56, 60, 81, 115]],
  [408, [159]],
  [413, [161]],
  [501, [48]],
  [503, [202]],
];

/** The HTTP status ClickHouse answers an exception code with; 500 where it has no own. */
export const statusOf = ({ code }: Exception): number => STATUSES.find(([, codes]) => codes.includes(code))?.[0] ?? 500;
