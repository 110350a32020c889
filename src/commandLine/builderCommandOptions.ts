import { Option, type Command } from 'commander';
import { resolve } from 'node:path';
import type { EndpointSettings } from '../core/builders/endpointSettings.ts';
import { UserFacingError } from '../core/errors.ts';
import { builderDefaults, type BuilderOptions } from '../node/builders/builderOptions.ts';
import { findEndpoint } from '../node/builders/findEndpoint.ts';
import { positiveInteger } from './arguments.ts';
import type { CommandContext } from './commandContext.ts';
import { textLines } from './textLayout.ts';

/** How the endpoint executor works, as the command line says it. */
export interface BuilderCommandOptions {
  readonly provider?: string;
  readonly baseUrl?: string;
  readonly model?: string;
  readonly write?: boolean;
  readonly runTests?: boolean;
  readonly continueCut?: boolean;
  readonly maxOutputTokens?: number;
  readonly estimator?: string;
  readonly prices?: string;
}

/** Adds the options of the endpoint executor. */
export function addBuilderOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--provider <name>',
        'the protocol of the model endpoint; openai for local servers too',
      ).choices(['openai', 'anthropic']),
    )
    .option('--base-url <url>', "the model endpoint; by default the provider's own")
    .option('--model <name>', 'the model to ask')
    .option('--write', 'let the endpoint executor write deliverables without asking')
    .option('--run-tests', "let it run the phase's tests in the workspace")
    .option('--continue-cut', 'ask for the rest of an answer that was cut off at its limit')
    .option('--max-output-tokens <n>', 'the largest output limit that the model takes', positiveInteger)
    .option('--estimator <file>', 'the coefficients by which output tokens are predicted')
    .option('--prices <file>', 'prices of models, before those that come with the product');
}

/** The builder's options as given on the command line, with defaults; paths are absolute. */
export function builderFrom(options: BuilderCommandOptions, { cwd }: CommandContext): BuilderOptions {
  const path = (given: string | undefined): string | null =>
    given === undefined ? null : resolve(cwd, given);
  return {
    ...builderDefaults,
    continueCut: options.continueCut ?? builderDefaults.continueCut,
    runTests: options.runTests ?? builderDefaults.runTests,
    maxOutputTokens: options.maxOutputTokens ?? builderDefaults.maxOutputTokens,
    estimatorPath: path(options.estimator),
    pricesPath: path(options.prices),
  };
}

/** The endpoint that options and environment name. Throws what {@link findEndpoint} throws. */
export async function endpointFrom(
  { provider, baseUrl, model }: BuilderCommandOptions,
  workspaceFolder: string,
  context: CommandContext,
): Promise<EndpointSettings> {
  const settings = await findEndpoint({
    explicit: { provider, baseUrl, model },
    workspaceFolders: [workspaceFolder],
    environment: context.env,
  });
  for (const note of settings.notes) context.stderr(`${textLines([`note: ${note}`])}\n`);
  return settings;
}

/** On a command line nobody looks at files before they are written: that must be wanted. Throws `needs-consent`. */
export function requireWrite({ write = false }: BuilderCommandOptions): void {
  if (write) return;
  throw new UserFacingError(
    'needs-consent',
    'The endpoint executor writes deliverables into the workspace, and nobody looks at them first on a command line.',
    'Pass --write to let it, or drain in VS Code, which shows each change before it is written.',
  );
}
