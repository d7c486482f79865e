import { attributesIn } from "./attributes.ts";
import type { CutBody } from "./cut-body.ts";
import { type Fields, messageIn, textIn } from "./fields.ts";
import type { Signal } from "./signal.ts";

const scopeNameOf = (scope: Fields | null): string => (scope === null ? "" : textIn(scope, "name"));

/** Every record of a body, in order; null after each other piece. Throws when the body is malformed. */
export function* readRecords<T>({ root, fields, children }: CutBody, { path, read }: Signal<T>): Generator<T | null> {
  const [resources, scopes, records] = path;
  for (const resourcePiece of children(root, fields(root, "body"), resources)) {
    const outer = fields(resourcePiece, "resource");
    const resource = attributesIn(messageIn(outer, "resource"));
    yield null;
    for (const scopePiece of children(resourcePiece, outer, scopes)) {
      const inner = fields(scopePiece, "scope");
      const origin = { resource, scope: scopeNameOf(messageIn(inner, "scope")) };
      yield null;
      for (const record of children(scopePiece, inner, records)) {
        yield read(() => fields(record, "record"), origin);
      }
    }
  }
}
