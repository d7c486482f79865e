/** What is told about a body while the app reads it. None of these may throw. */
export interface BodyObserver {
  /** The app asked for more: from here on it is the provider that is slow, not the app. */
  reading(): void;
  /** What the app is about to get: a whole body's text, or bytes, which are the app's and may be gone after the call. */
  chunk(piece: Uint8Array | string): void;
  end(): void;
  fail(error: unknown): void;
  cancel(): void;
}
