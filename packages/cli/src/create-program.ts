import { Command } from 'commander'
import { commandNameOf } from './command-name.js'
import { auditVerifyCommand } from './commands/audit-verify-command.js'
import { backupCommand } from './commands/backup-command.js'
import { completionCommand } from './commands/completion-command.js'
import { conformCommand } from './commands/conform-command.js'
import { dataKeyCommand } from './commands/data-key-command.js'
import { devCommand } from './commands/dev-command.js'
import { doctorCommand } from './commands/doctor-command.js'
import { findKeyCommand } from './commands/find-key-command.js'
import { fixtureCommand } from './commands/fixture-command.js'
import { groupCommand } from './commands/group-command.js'
import { healthCommand } from './commands/health-command.js'
import { inspectCommand } from './commands/inspect-command.js'
import { kindsCheckCommand } from './commands/kinds-check-command.js'
import { kindsTypesCommand } from './commands/kinds-types-command.js'
import { masterKeyCommand } from './commands/master-key-command.js'
import { migrateCommand } from './commands/migrate-command.js'
import { operationCommand } from './commands/operation-command.js'
import { recoverCommand } from './commands/recover-command.js'
import { restoreCommand } from './commands/restore-command.js'
import { revokeCommand } from './commands/revoke-command.js'
import { serveCommand } from './commands/serve-command.js'
import type { Context } from './context.js'
import { addGlobalFlags } from './globals.js'
import type { Io } from './io.js'
import { type ManifestEntry, readManifest } from './manifest/manifest.js'
import { readVersion } from './version.js'

/** The whole command line: a command for each operation, and the commands that run on this machine. */
export function createProgram(io: Io, finish: (exitCode: number) => void): Command {
  const program = new Command('hallpass')
    .description('Short-lived, narrowly scoped tokens for embeddable widgets.')
    .usage('[global flags] <resource> <command> [flags]')
    .version(readVersion(), '--version', 'Print the version.')
  addGlobalFlags(program)
  const context: Context = { io, finish, globalOptions: () => program.opts() }
  for (const [resource, members] of byResource(readManifest())) {
    const commands = members.map((operation) => operationCommand(operation, context))
    if (resource === 'api-keys') commands.push(recoverCommand(context))
    if (resource === 'tokens') commands.push(inspectCommand(context))
    if (resource === 'api-keys') commands.push(findKeyCommand(context))
    if (resource === 'audit') commands.push(auditVerifyCommand(context))
    if (resource === 'kinds') commands.push(kindsCheckCommand(context), kindsTypesCommand(context))
    program.addCommand(groupCommand(resource, commands))
  }
  program.addCommand(revokeCommand(context))
  program.addCommand(devCommand(context))
  program.addCommand(serveCommand(context))
  program.addCommand(migrateCommand(context))
  program.addCommand(backupCommand(context))
  program.addCommand(restoreCommand(context))
  program.addCommand(fixtureCommand(context))
  program.addCommand(doctorCommand(context))
  program.addCommand(healthCommand(context))
  program.addCommand(conformCommand(context))
  program.addCommand(masterKeyCommand(context))
  program.addCommand(dataKeyCommand(context))
  program.addCommand(completionCommand(context, program))
  program.addHelpText('after', '\nExample:\n  hallpass bridge initialize --help')
  configureCommand(program, { io, words: 'hallpass', root: program })
  return program
}

function byResource(all: readonly ManifestEntry[]): Map<string, ManifestEntry[]> {
  const groups = new Map<string, ManifestEntry[]>()
  for (const operation of all) {
    const { resource } = commandNameOf(operation.id)
    groups.set(resource, [...(groups.get(resource) ?? []), operation])
  }
  return groups
}

interface CommandSettings {
  readonly io: Io
  /** The full command, such as `hallpass bridge`. */
  readonly words: string
  readonly root: Command
}

/** Configures a command and its subcommands to write to the given streams and never to exit the process. */
function configureCommand(command: Command, settings: CommandSettings): void {
  const { io, words, root } = settings
  command
    .exitOverride()
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(asSentence(text)),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
    })
    .configureHelp({
      showGlobalOptions: true,
      // only the program's flags are global, not those of a command in between
      visibleGlobalOptions: (one) => (one === root ? [] : [...root.options]),
      subcommandTerm: (child) => child.name(),
      styleTitle: (title) => title.replace('Global Options', 'Global flags').replace('Options', 'Flags'),
    })
    .showHelpAfterError(`Run '${words} --help' for usage.`)
  for (const child of command.commands) {
    configureCommand(child, { ...settings, words: `${words} ${child.name()}` })
  }
}

/** Commander's errors begin with a word for programs, in lower case. */
const asSentence = (text: string) =>
  text.replace(/^error: (.)(.*?)\.?$/m, (_, first: string, rest: string) => `${first.toUpperCase()}${rest}.`)
