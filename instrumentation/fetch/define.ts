/** Gives an object members of its own that hide those of its prototype, and that nobody sees by listing its keys. */
export const define = (target: object, members: Readonly<Record<PropertyKey, unknown>>): void => {
  for (const name of Reflect.ownKeys(members)) {
    Object.defineProperty(target, name, { value: members[name as string], writable: true, configurable: true });
  }
};
