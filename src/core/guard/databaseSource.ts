/** By which variable a place names a database. */
export interface VariableOrigin {
  /** Absent for `DATABASE_URL` itself. */
  readonly variable?: string;
  /** The file that holds the URL, where the variable names one; absolute. */
  readonly urlFile?: string;
}

/** Who says which database is meant. Paths are absolute. */
export type SourceOrigin =
  /** What the person selected: in the editor, or with `--database`. */
  | { readonly kind: 'selection' }
  | (VariableOrigin & { readonly kind: 'setting'; readonly name: string })
  | (VariableOrigin & { readonly kind: 'dotenv'; readonly file: string })
  /** The environment of the program that asks: the extension host, or the command line. */
  | (VariableOrigin & { readonly kind: 'environment' })
  /** What new terminals of the editor get. */
  | { readonly kind: 'terminals' }
  /** Without what is secret in its URL, see `serverAddress`. */
  | { readonly kind: 'api-server'; readonly url: string }
  | { readonly kind: 'drain-session'; readonly sessionId: string; readonly startedAt: number };

/** What a source comes to once everything in it is resolved. */
export type SourceTarget =
  | {
      readonly kind: 'file';
      /** Absolute and, where there is a file, real. */
      readonly path: string;
      /** `device:inode`; `null` where there is no such file. */
      readonly fileId: string | null;
    }
  /** It names no SQLite file. What it does name is not repeated: it may hold a password. */
  | { readonly kind: 'invalid'; readonly message: string }
  /** A server, which tells only whether it has the selected database; see `ApiVerdict`. */
  | {
      readonly kind: 'server';
      readonly verdict: 'same' | 'different' | 'unknown';
      readonly evidence: string;
      /** Set where it wants an API key: see `ApiVerdict`. */
      readonly isRefusing?: true;
      /** Set where a canary run told: see `ApiVerdict`. */
      readonly canary?: { readonly askedAt: number; readonly age: string };
    };

/** A source, what is written there, and what that comes to. */
export interface DatabaseSource {
  readonly origin: SourceOrigin;
  /** As written, with secrets masked; `null` where it is not to be repeated. */
  readonly given: string | null;
  readonly target: SourceTarget;
}
