import { Command } from 'commander'

/** The command of a resource. Its help lists its commands and shows how to get help for the first one. */
export function groupCommand(name: string, members: readonly Command[]): Command {
  const names = members.map((member) => member.name())
  const group = new Command(name)
    .usage('<command> [flags]')
    .description(names.join(', '))
    .addHelpText('after', `\nExample:\n  hallpass ${name} ${names[0]} --help`)
  for (const member of members) group.addCommand(member)
  return group
}
