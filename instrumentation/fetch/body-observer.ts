/** What is told about a body while the app reads it. None of these may throw. */
export interface BodyObserver {
  /** The app asked for more: from here on it is the provider that is slow, not the app. */
  readonly reading: () => void;
  /** Bytes that the app is about to get; they are the app's, and may be gone after the call. */
  readonly chunk: (bytes: Uint8Array) => void;
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
  readonly cancel: () => void;
}
