import { type Command, Option } from 'commander'

/** What a flag looks like in help and completion. */
export interface FlagText {
  /** As commander writes it: `--customer-id <uuid>`. */
  readonly flags: string
  readonly description: string
  readonly values?: readonly string[]
  /** Every occurrence is kept, in a list. */
  readonly repeatable?: boolean
}

/** Adds a flag to a command. Its values are shown and completed here, and checked where they are used. */
export function addFlag(command: Command, { flags, description, values, repeatable }: FlagText): Option {
  const option = new Option(flags, description)
  if (values) option.argChoices = [...values]
  if (repeatable) {
    option.argParser((value, before: unknown) => [...(Array.isArray(before) ? before : []), value])
  }
  command.addOption(option)
  return option
}
