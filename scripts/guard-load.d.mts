export declare const LOAD_GUARD: { readonly before: string; readonly after: string };
