/**
 * What one language contributes to telling refusals apart: data only, so that a language is added by adding a table.
 *
 * Texts are lower case, apostrophes are `'`, blanks are single spaces. `hard`, `inability` and `soft` are tried at the
 * start of a clause; `clarify` and `reframe` anywhere in the first sentences. An apology alone is never a refusal:
 * every pattern names a verb of inability or unwillingness. Patterns must be linear: bounded repetition only.
 */
export interface RefusalLanguage {
  /** ISO 639-1. */
  readonly code: string;
  /**
   * Something every text this table can decide contains: its script, or the words of negation and asking. Texts
   * without it are not tried, which is what keeps nineteen languages cheap.
   */
  readonly cue: RegExp;
  /** For scripts that say in one character what others say in three: lengths count thrice. */
  readonly dense?: true;
  /** Words before the clause proper: apologies, "unfortunately", "as an AI model". Anchored at the start. */
  readonly leadIn: RegExp;
  /** Harmless phrases that look like refusals; removed before anything is tried. Global. */
  readonly idioms: RegExp;
  /** Where a new clause starts besides after `.`, `!`, `?`, `;` and `:`. Global. */
  readonly clauseBreak: RegExp;
  /** Unwilling or not allowed. */
  readonly hard: readonly RegExp[];
  /** Not able: no access, not enough context, not in the text. */
  readonly inability: readonly RegExp[];
  /** Evades without saying no. */
  readonly soft: readonly RegExp[];
  /** Turns, after a refusing clause, to an answer all the same. */
  readonly pivot: RegExp;
  /** Answers something else than was asked. */
  readonly reframe: RegExp;
  /** Asks back instead of answering. */
  readonly clarify: RegExp;
}
