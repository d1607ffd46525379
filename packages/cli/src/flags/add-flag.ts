import { type Command, Option } from 'commander'

/** How a flag appears in help and completion. */
export interface FlagText {
  /** In commander's notation: `--customer-id <uuid>`. */
  readonly flags: string
  readonly description: string
  readonly values?: readonly string[]
  /** Collects all occurrences in a list. */
  readonly repeatable?: boolean
}

/** Adds a flag to a command. Its values are only for help and completion; the code that uses the flag checks them. */
export function addFlag(command: Command, { flags, description, values, repeatable }: FlagText): Option {
  const option = new Option(flags, description)
  if (values) option.argChoices = [...values]
  if (repeatable) {
    option.argParser((value, before: unknown) => [...(Array.isArray(before) ? before : []), value])
  }
  command.addOption(option)
  return option
}
