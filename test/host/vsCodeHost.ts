/** How the extension gets into the host: unpacked from its folder, or installed from its package. */
export type ExtensionUnderTest =
  | { readonly kind: 'unpacked'; readonly folder: string }
  | { readonly kind: 'packaged'; readonly vsix: string };

export interface WindowOptions {
  /** Absolute path of a folder or a `.code-workspace` file; nothing opens an empty window. */
  readonly workspace?: string;
  readonly extension: ExtensionUnderTest;
  /** Folders of other extensions to have installed beside it. */
  readonly companions?: readonly string[];
  /** User settings on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Opens the workspace untrusted, in Restricted Mode. */
  readonly restricted?: boolean;
  /** The extension host's environment on top of ours; an undefined value takes a variable away. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface SuiteOptions extends WindowOptions {
  /** Absolute path of a CommonJS bundle that exports `run(): Promise<void>`. */
  readonly suite: string;
}

export interface SuiteResult {
  /** 0 where `run` resolved, anything else where it failed or the window died. */
  readonly exitCode: number;
  /** The console of the extension host and the host's own messages. */
  readonly log: string;
}

/** A real VS Code: the one place that knows where it comes from and how it is started. */
export interface VsCodeHost {
  readonly name: 'desktop' | 'browser';
  /** Runs a suite inside the extension host, with the extension under test beside it. */
  readonly runSuite: (options: SuiteOptions) => Promise<SuiteResult>;
  /** Opens a window for a person, says where it is, and resolves when it is closed or the signal aborts. */
  readonly openForPerson: (options: WindowOptions, signal: AbortSignal) => Promise<void>;
}
