import { createProgram } from '../packages/cli/src/create-program.js'

type Command = ReturnType<typeof createProgram>
type Option = Command['options'][number]

/** The command line's page: made from the commands themselves, as they show their help. */
export function cliPage(): string {
  const silent = { write: () => {}, isTTY: false }
  const stdin = { kind: 'none', open: () => process.stdin } as const
  const program = createProgram({ stdin, stdout: silent, stderr: silent, env: {}, fetch, columns: 120 }, () => {})
  const groups = program.commands.map((command) => section(command, [command.name()]))
  return `${[
    '<!-- Made by `npm run generate`. Change the code, not this page. -->',
    '# Which commands and flags are there?',
    'How values, stdin, answers and refusals work stands in [the README of the package](../packages/cli/README.md). Every command also takes the global flags, before or after its name, and shows this all by `--help`.',
    '## Global flags',
    flagList(program.options),
    ...groups,
  ].join('\n\n')}\n`
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

const flagList = (options: readonly Option[]) => options.map(flagLine).join('\n')

function flagLine({ flags, description, argChoices }: Option): string {
  const values = argChoices ? ` One of ${argChoices.map((value) => `\`${value}\``).join(', ')}.` : ''
  return `- \`${flags}\`: ${escaped(description)}${values}`
}

const escaped = (text: string) => text.replaceAll('<', '\\<').replaceAll('*', '\\*')
