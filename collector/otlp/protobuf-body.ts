import type { Piece } from "./body-piece.ts";
import type { CutBody, PieceLevel } from "./cut-body.ts";
import { rootFields } from "./fields.ts";
import { decodeMessage, type RecordMessage } from "./messages.ts";

/** The pieces of a protobuf body that cutProtobuf cut. All children of a piece are of the one field that was cut. */
export const protobufBody = (body: Uint8Array, root: Piece, record: RecordMessage): CutBody => {
  const messages = { resource: "ResourceHolder", scope: "ScopeHolder", record } as const;
  return {
    root,
    fields: ({ start, end }: Piece, level: PieceLevel) =>
      level === "body" ? {} : rootFields(decodeMessage(messages[level], body.subarray(start, end))),
    children: ({ children }) => children,
  };
};
