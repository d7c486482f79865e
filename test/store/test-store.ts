import { openReader, type StoreReader } from "../../store/open-reader.ts";
import { openStore, type StoreSettings } from "../../store/open-store.ts";
import type { Store } from "../../store/store.ts";
import { recordingLog } from "./recording-log.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Settings of a store on the embedded engine, on any free port. */
export const embeddedSettings = (dir: string): StoreSettings => ({
  url: "embedded",
  dir,
  database: "leeway",
  user: "",
  password: "",
  cluster: null,
  port: 0,
  hosts: [],
});

/** A store on the real engine in a directory of its own. */
export interface TestStore {
  readonly dir: string;
  readonly store: () => Store;
  /** Opens a reader beside the store, as another process would. It has to be closed. */
  readonly openReader: () => Promise<StoreReader>;
  readonly messages: string[];
  /** Closes the store and opens it again on the same directory. */
  readonly reopen: () => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Opens one. `end` has to be called. */
export const openTestStore = async (): Promise<TestStore> => {
  const { path, remove } = await temporaryDirectory();
  const { log, messages } = recordingLog();
  const open = (): Promise<Store> => openStore(embeddedSettings(path), { log, now: Date.now });
  let store = await open();
  return {
    dir: path,
    store: () => store,
    openReader: () => {
      const { port } = new URL(store.endpoint.url);
      return openReader({ ...embeddedSettings(path), port: Number(port) }, { log: recordingLog().log, now: Date.now });
    },
    messages,
    reopen: async () => {
      await store.close();
      store = await open();
    },
    end: async () => {
      await store.close();
      await remove();
    },
  };
};
