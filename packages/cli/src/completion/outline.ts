import type { Command, Option } from 'commander'

/** A flag for completion. */
export interface OutlineFlag {
  /** Without the dashes. */
  readonly name: string
  readonly description: string
  readonly takesValue: boolean
  readonly values: readonly string[]
}

/** A command for completion. */
export interface Outline {
  /** The command without `hallpass`; empty for the program itself. */
  readonly words: readonly string[]
  readonly description: string
  readonly flags: readonly OutlineFlag[]
  /** Its subcommands, or the values of its argument. */
  readonly next: readonly string[]
}

/** A command and all its subcommands. */
export function outlineOf(command: Command, words: readonly string[] = []): Outline[] {
  const { commands, registeredArguments } = command
  const values = registeredArguments.flatMap((argument) => argument.argChoices ?? [])
  const outline = {
    words,
    description: brief(command.summary() || command.description()),
    flags: command.createHelp().visibleOptions(command).flatMap(flagOf),
    next: [...commands.map((child) => child.name()), ...values],
  }
  return [outline, ...commands.flatMap((child) => outlineOf(child, [...words, child.name()]))]
}

function flagOf({ long, description, required, optional, argChoices }: Option): OutlineFlag[] {
  if (!long) return []
  return [
    {
      name: long.slice(2),
      description: brief(description),
      takesValue: required || optional,
      values: argChoices ?? [],
    },
  ]
}

/** The first sentence, without the prefix that names the place of a parameter. */
function brief(description: string): string {
  const text = description.replace(/^(Body|Path|Query|Header) param:? ?/, '')
  return (/^.*?\.(?= |$)/s.exec(text)?.[0] ?? text).replaceAll('\n', ' ')
}
