import { define } from "../fetch/define.ts";
import { tellOwnError } from "../shield.ts";

/** Is told the first two arguments of a call. */
export type Told = (first: unknown, second: unknown) => void;

/**
 * Has `told` hear of every call of a method of this one object, before the method itself, which gets what it was given and
 * whose result is returned. What `told` throws stays here.
 */
export const tellBefore = (object: object, methods: Readonly<Record<string, Told>>): void => {
  for (const [name, told] of Object.entries(methods)) {
    const method = Reflect.get(object, name);
    define(object, {
      [name](this: unknown, ...given: unknown[]): unknown {
        try {
          told(given[0], given[1]);
        } catch (error) {
          tellOwnError(error);
        }
        return Reflect.apply(method, this, given);
      },
    });
  }
};
