import type { ExitCode } from './exitCodes.ts';

/** What a command found or did, for people (`text`) and for programs (`json`). */
export interface CommandResult {
  readonly exitCode: ExitCode;
  /** Printed with `--json`, one object. */
  readonly json: unknown;
  /** Printed without it, ending without a line break. */
  readonly text: string;
}

/** How a command module hangs itself into the program: `report` prints what its action resolved to. */
export type Report = (options: { readonly json?: boolean }, work: Promise<CommandResult>) => Promise<void>;
