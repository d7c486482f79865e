/** A stream of chat completions whose tool calls are written in a way of their own. */
export interface DeltaStream {
  readonly written: string;
  /** One `delta` each. */
  readonly deltas: readonly object[];
  /** The calls as an SDK hands them to the app; their arguments parsed. */
  readonly calls: readonly { readonly name: string; readonly arguments: object }[];
}

const tools = (...tool_calls: readonly object[]): object => ({ tool_calls });

const fn = (name: string | undefined, text: unknown, more: object = {}): object => ({
  ...more,
  type: "function",
  function: { ...(name === undefined ? {} : { name }), arguments: text },
});

const WEATHER = { name: "get_weather", arguments: { location: "S" } };
const GLOB = { name: "glob", arguments: { path: "p" } };
const [START, END] = ['{"location":', '"S"}'];
const WHOLE = START + END;
const GLOB_TEXT = '{"path":"p"}';

/** `get_weather` in three pieces, each with what `more` says of it. */
const inPieces = (...more: readonly object[]): readonly object[] => [
  tools(fn("get_weather", "", more[0])),
  tools(fn(undefined, START, more[1])),
  tools(fn(undefined, END, more[2])),
];

const one = (written: string, deltas: readonly object[]): DeltaStream => ({ written, deltas, calls: [WEATHER] });
const two = (written: string, deltas: readonly object[]): DeltaStream => ({ written, deltas, calls: [WEATHER, GLOB] });

/** How servers that call themselves compatible have been seen to write the calls of a stream. */
export const DELTA_STREAMS: readonly DeltaStream[] = [
  one("as OpenAI does", inPieces({ index: 0, id: "a" }, { index: 0 }, { index: 0 })),
  one("the name in every piece", [
    tools(fn("get_weather", "", { index: 0, id: "a" })),
    tools(fn("get_weather", START, { index: 0, id: "a" })),
    tools(fn("get_weather", END, { index: 0, id: "a" })),
  ]),
  one("the name in every piece, no id", [
    tools(fn("get_weather", START, { index: 0 })),
    tools(fn("get_weather", END, { index: 0 })),
  ]),
  one("the name in every piece, neither id nor index", [
    tools(fn("get_weather", START)),
    tools(fn("get_weather", END)),
  ]),
  one("the name in pieces", [
    tools(fn("get_", "", { index: 0, id: "a" })),
    tools(fn("weather", "", { index: 0 })),
    tools(fn(undefined, WHOLE, { index: 0 })),
  ]),
  one("more of the name each time", [
    tools(fn("get", "", { index: 0, id: "a" })),
    tools(fn("get_weather", WHOLE, { index: 0, id: "a" })),
  ]),
  one("the name last", [
    tools(fn(undefined, START, { index: 0, id: "a" })),
    tools(fn("get_weather", END, { index: 0, id: "a" })),
  ]),
  one("name null in later pieces", [
    tools({ index: 0, id: "a", function: { name: "get_weather", arguments: null } }),
    tools({ index: 0, id: null, function: { name: null, arguments: WHOLE } }),
  ]),
  one("no index", inPieces({ id: "a" }, {}, {})),
  one("index null", inPieces({ index: null, id: "a" }, { index: null }, { index: null })),
  one('index "0"', inPieces({ index: "0", id: "a" }, { index: "0" }, { index: "0" })),
  one('index 0, then "0"', inPieces({ index: 0, id: "a" }, { index: "0" }, { index: "0" })),
  one("index from 1", inPieces({ index: 1, id: "a" }, { index: 1 }, { index: 1 })),
  one("index -1", inPieces({ index: -1, id: "a" }, { index: -1 }, { index: -1 })),
  one("an index in the first piece alone", inPieces({ index: 0, id: "a" }, {}, {})),
  one("an index in later pieces alone", inPieces({ id: "a" }, { index: 0 }, { index: 0 })),
  one("one id over two indexes", inPieces({ index: 0, id: "a" }, { index: 1, id: "a" }, { index: 1 })),
  one("an empty id in later pieces", inPieces({ index: 0, id: "a" }, { index: 0, id: "" }, { index: 0, id: "" })),
  one("another id in every piece", inPieces({ index: 0, id: "a" }, { index: 0, id: "b" }, { index: 0, id: "c" })),
  one("another id and the name in every piece", [
    tools(fn("get_weather", START, { index: 0, id: "a" })),
    tools(fn("get_weather", END, { index: 0, id: "b" })),
  ]),
  one("the id later than the name", inPieces({ index: 0 }, { index: 0, id: "a" }, { index: 0, id: "a" })),
  one("arguments as an object", [tools(fn("get_weather", { location: "S" }, { index: 0, id: "a" }))]),
  one("an empty object, then pieces", [
    tools(fn("get_weather", {}, { index: 0, id: "a" })),
    tools(fn(undefined, WHOLE, { index: 0 })),
  ]),
  one("a call that is no list", [{ tool_calls: fn("get_weather", WHOLE, { index: 0, id: "a" }) }]),
  one("an old function call", [
    { function_call: { name: "get_weather", arguments: "" } },
    { function_call: { arguments: START } },
    { function_call: { arguments: END } },
  ]),
  one("an old function call with the name in every piece", [
    { function_call: { name: "get_weather", arguments: START } },
    { function_call: { name: "get_weather", arguments: END } },
  ]),
  one("an empty function_call beside tool calls", [
    { tool_calls: [fn("get_weather", START, { index: 0, id: "a" })], function_call: {} },
    { tool_calls: [fn(undefined, END, { index: 0 })], function_call: { name: "", arguments: "" } },
  ]),
  one("the same call the old and the new way", [
    {
      tool_calls: [fn("get_weather", WHOLE, { index: 0, id: "a" })],
      function_call: { name: "get_weather", arguments: WHOLE },
    },
  ]),
  one("an empty list in the last piece", [
    tools(fn("get_weather", WHOLE, { index: 0, id: "a" })),
    { content: "", tool_calls: [] },
  ]),
  {
    written: "no arguments: null, empty, absent",
    deltas: [
      tools(fn("ping", null, { index: 0, id: "a" })),
      tools(fn("ping", "", { index: 1, id: "b" })),
      tools({ index: 2, id: "c", function: { name: "ping" } }),
    ],
    calls: [1, 2, 3].map(() => ({ name: "ping", arguments: {} })),
  },
  two("two calls, one after the other", [
    ...inPieces({ index: 0, id: "a" }, { index: 0 }, { index: 0 }),
    tools(fn("glob", GLOB_TEXT, { index: 1, id: "b" })),
  ]),
  two("two calls, their pieces mixed", [
    tools(fn("get_weather", START, { index: 0, id: "a" }), fn("glob", '{"path"', { index: 1, id: "b" })),
    tools(fn(undefined, ':"p"}', { index: 1 })),
    tools(fn(undefined, END, { index: 0 })),
  ]),
  two("two calls, their pieces mixed, ids and no index", [
    tools(fn("get_weather", START, { id: "a" })),
    tools(fn("glob", '{"path"', { id: "b" })),
    tools(fn(undefined, END, { id: "a" })),
    tools(fn(undefined, ':"p"}', { id: "b" })),
  ]),
  two("two ids on one index", [
    tools(fn("get_weather", WHOLE, { index: 0, id: "a" })),
    tools(fn("glob", GLOB_TEXT, { index: 0, id: "b" })),
  ]),
  two("two ids on one index, in pieces", [
    ...inPieces({ index: 0, id: "a" }, { index: 0 }, { index: 0 }),
    tools(fn("glob", "", { index: 0, id: "b" })),
    tools(fn(undefined, GLOB_TEXT, { index: 0 })),
  ]),
  two("all of index 0 with an empty id", [
    tools(fn("get_weather", WHOLE, { index: 0, id: "" })),
    tools(fn("glob", GLOB_TEXT, { index: 0, id: "" })),
  ]),
  two("whole calls with neither id nor index", [tools(fn("get_weather", WHOLE)), tools(fn("glob", GLOB_TEXT))]),
  two("both in one piece, with neither id nor index", [tools(fn("get_weather", WHOLE), fn("glob", GLOB_TEXT))]),
  two("both in every piece, with neither id nor index", [
    tools(fn("get_weather", START), fn("glob", "")),
    tools(fn(undefined, END), fn(undefined, GLOB_TEXT)),
  ]),
  two("indexes from 1, in pieces", [
    ...inPieces({ index: 1, id: "a" }, { index: 1 }, { index: 1 }),
    tools(fn("glob", "", { index: 2, id: "b" })),
    tools(fn(undefined, GLOB_TEXT, { index: 2 })),
  ]),
  {
    written: "the same tool twice on one index",
    deltas: [
      tools(fn("get_weather", WHOLE, { index: 0, id: "a" })),
      tools(fn("get_weather", WHOLE, { index: 0, id: "b" })),
    ],
    calls: [WEATHER, WEATHER],
  },
];
