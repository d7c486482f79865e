const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Table functions a reader may use, lower case: rows out of nothing, and a subquery by another name. */
export const TABLE_FUNCTIONS: ReadonlySet<string> = words(
  "numbers numbers_mt zeros zeros_mt generateseries generate_series view",
);

/** Suffixes that make another aggregate function of one, lower case. */
export const COMBINATORS: readonly string[] = [
  ..."simplestate ordefault distinct resample foreach argmax argmin ornull tuple merge state array null map if".split(
    " ",
  ),
];

/** Names of types that are followed by a bracket, lower case: CAST(x AS Array(String)), {x:Nullable(UInt8)}. */
export const TYPES: ReadonlySet<string> = words(`
  array tuple map nullable lowcardinality nested variant dynamic json fixedstring enum enum8 enum16 datetime datetime32
  datetime64 time time64 decimal decimal32 decimal64 decimal128 decimal256 aggregatefunction simpleaggregatefunction
  char varchar numeric dec float double timestamp string
`);

/** Words of the language that may stand before a bracket and call nothing, lower case. */
export const BRACKET_WORDS: ReadonlySet<string> = words(`
  select distinct from join on using where prewhere having qualify by limit offset sample top with as in not and or xor
  like ilike between is null then when else case end exists any all some union except intersect replace columns over
  filter window partition order rows groups range sets rollup cube totals interval div mod escape array left right
  inner outer cross full semi anti asof final global explain plan pipeline estimate ast syntax tree query describe desc
  table interpolate fill step to
`);

/** Calls with a grammar of their own, which are no functions by name, lower case. */
export const SPECIAL_CALLS: ReadonlySet<string> = words(`
  date_add dateadd date_sub datesub timestamp_add timestampadd timestamp_sub timestampsub datediff timestampdiff
  grouping
`);
