import { Command } from 'commander'

/** A resource: its help lists its commands, and points to the help of the first. */
export function groupCommand(name: string, members: readonly Command[]): Command {
  const names = members.map((member) => member.name())
  const group = new Command(name)
    .usage('<command> [flags]')
    .description(names.join(', '))
    .addHelpText('after', `\nExample:\n  hallpass ${name} ${names[0]} --help`)
  for (const member of members) group.addCommand(member)
  return group
}
