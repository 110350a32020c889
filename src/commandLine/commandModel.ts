import type { Command, Option } from 'commander';

/** What an option or an argument takes, for those who complete it. */
export type ValueKind = 'nothing' | 'text' | 'file' | 'folder' | readonly string[];

/** An option as it is typed. */
export interface DescribedOption {
  /** `-h`, `--help`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly value: ValueKind;
}

/** A command as it is typed. */
export interface DescribedCommand {
  readonly name: string;
  /** `<run> [phase]`; empty without arguments. */
  readonly usage: string;
  readonly description: string;
  readonly options: readonly DescribedOption[];
  /** Of its arguments, in their order. */
  readonly values: readonly ValueKind[];
}

/** The commands of a program with all of them, and the options that stand before any. */
export interface DescribedProgram {
  readonly name: string;
  readonly options: readonly DescribedOption[];
  readonly commands: readonly DescribedCommand[];
}

/** What a program knows of its own commands, options and choices. */
export function describeProgram(program: Command): DescribedProgram {
  return {
    name: program.name(),
    options: optionsOf(program),
    commands: program.commands.map((command) => ({
      name: command.name(),
      usage: command.registeredArguments
        .map((argument) => (argument.required ? `<${argument.name()}>` : `[${argument.name()}]`))
        .join(' '),
      description: command.description(),
      options: optionsOf(command),
      values: command.registeredArguments.map(({ argChoices }) => argChoices ?? 'text'),
    })),
  };
}

function optionsOf(command: Command): DescribedOption[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      flags: [option.short, option.long].filter((flag) => flag !== undefined),
      description: option.description,
      value: valueOf(option),
    }));
}

/** By the name that its help gives to the value. */
function valueOf({ flags, argChoices, required, optional }: Option): ValueKind {
  if (argChoices !== undefined) return argChoices;
  if (!required && !optional) return 'nothing';
  const [, placeholder = ''] = /[<[]([^>\].]*)/.exec(flags) ?? [];
  if (placeholder === 'folder') return 'folder';
  return ['file', 'path', 'path|url'].includes(placeholder) ? 'file' : 'text';
}
