import { createProgram } from '../packages/cli/src/create-program.js'
import { wrapped } from './wrapped.js'

type Command = ReturnType<typeof createProgram>
type Option = Command['options'][number]

/** Flags of many commands, described once. */
const commonFlags: Readonly<Record<string, string>> = {
  '--correlation-id <text>': 'An id of your own for a series of requests. The response repeats it.',
  '--request-id <text>': 'An id of your own for the request. The response repeats it.',
  '--idempotency-key <text>': 'Makes a retry safe. See [idempotency.md](idempotency.md) for the length of a key.',
  '--straddle-account-id <uuid>': 'The child account that the key acts for.',
  '--hallpass-sandbox-fault <fault>':
    'The error that a sandbox account requests. See [sandbox-faults.md](sandbox-faults.md).',
  '--stdin': 'Reads the body as JSON or YAML from stdin, however long it takes. Without it, data must arrive at once.',
}

/** The CLI reference, generated from the help of the commands. */
export function cliPage(): string {
  const program = describedProgram()
  const groups = program.commands.map((command) => section(command, [command.name()]))
  return `${[
    '<!-- Made by `npm run generate`. Change the code, not this page. -->',
    '# Command line',
    'This page lists every command and flag of `hallpass`. ' +
      '[The README of the package](../packages/cli/README.md) explains values, stdin, responses and errors. ' +
      '`--help` shows the same for one command, with an example.',
    '## Global flags',
    'Every command takes these flags, before or after its name.',
    flagList(program.options),
    '## Common flags',
    'Many commands take these flags. The list of each command names those that it takes.',
    Object.entries(commonFlags)
      .map(([flags, text]) => `- \`${flags}\`: ${text}`)
      .join('\n'),
    ...groups,
  ]
    .map((part) => part.split('\n\n').map(wrapped).join('\n\n'))
    .join('\n\n')}\n`
}

/** The program with all its commands, for reading only. */
export function describedProgram(): Command {
  const silent = { write: () => {}, isTTY: false }
  const stdin = { kind: 'none', open: () => process.stdin } as const
  return createProgram({ stdin, stdout: silent, stderr: silent, env: {}, fetch, columns: 120 }, () => {})
}

function section(command: Command, words: readonly string[]): string {
  const heading = `${'#'.repeat(words.length + 1)} ${words.join(' ')}`
  const runs = command.commands.length === 0 || command.options.length > 0
  const own = runs
    ? [command.description(), usage(command, words), flagList(command.options)].filter((part) => part !== '')
    : []
  return [heading, ...own, ...command.commands.map((child) => section(child, [...words, child.name()]))].join('\n\n')
}

const usage = (command: Command, words: readonly string[]) =>
  `\`\`\`\nhallpass ${words.join(' ')} ${command.usage()}\n\`\`\``

function flagList(options: readonly Option[]): string {
  const own = options.filter(({ flags }) => !(flags in commonFlags)).map(flagLine)
  const common = options.filter(({ flags }) => flags in commonFlags).map(({ long }) => `\`${long}\``)
  return [...own, ...(common.length > 0 ? [`- Common flags: ${common.join(', ')}.`] : [])].join('\n')
}

function flagLine({ flags, description, argChoices }: Option): string {
  const values = argChoices ? ` One of ${argChoices.map((value) => `\`${value}\``).join(', ')}.` : ''
  return `- \`${flags}\`: ${escaped(description)}${values}`
}

const escaped = (text: string) => text.replaceAll('<', '\\<').replaceAll('*', '\\*')
