import { Argument, type Command } from 'commander';
import { describeProgram } from './commandModel.ts';
import { exitCodes, type CommandContext, type Report } from './commandContext.ts';
import { completionScript, loading, shells, type CompletedShell } from './completionScripts.ts';

/** `completion`: a script that has a shell complete this program's commands. */
export function addCompletionCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('completion')
    .description('Print a script that completes commands, options, choices and file names in your shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      `\nLoad it from the file that your shell reads at its start:\n${shells
        .map((shell) => `  ${shell.padEnd(10)}  ${loading[shell]}`)
        .join('\n')}`,
    )
    .action((shell: CompletedShell) => {
      // A script is printed as it is: it is ours, and holds no foreign text.
      context.stdout(completionScript(shell, describeProgram(program)));
      return report({}, Promise.resolve({ exitCode: exitCodes.good, json: {}, text: '' }));
    });
}
