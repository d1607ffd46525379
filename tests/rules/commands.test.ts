import { expect, test } from 'vitest'
import { describedProgram } from '../../scripts/cli-page.js'
import { codeBlocks } from './support/markdown.js'
import { filesUnder, readText } from './support/repository.js'

const program = describedProgram()

/** Every `hallpass …` in the shell blocks and code spans of the pages. The reader replaces `…` and `<…>`. */
const mentioned = filesUnder('', '.md')
  .filter((page) => page !== 'docs/cli.md')
  .flatMap((page) => commandsIn(readText(page)).map((line) => ({ page, line })))

test('the pages mention commands', () => {
  expect(mentioned.length).toBeGreaterThan(50)
})

test('every command in a page exists, with its flags', () => {
  const faults = mentioned.map(({ page, line }) => ({ page, line, fault: faultOf(line) }))
  expect(faults.filter(({ fault }) => fault !== undefined)).toEqual([])
})

test.each([
  ['hallpass keys list', 'keys'],
  ['hallpass signing-keys turn --kid x', 'turn'],
  ['hallpass signing-keys rotate --all', '--all'],
  ['hallpass revoke order_1 --as orders', 'orders'],
])('reports %s', (line, fault) => {
  expect(faultOf(line)).toBe(fault)
})

function commandsIn(page: string): string[] {
  const shell = codeBlocks(page.replace(/^ {3}/gm, '')).filter(({ language }) => /^(|bash|sh)$/.test(language))
  const lines = shell.flatMap(({ text }) => text.replace(/\\\n/g, ' ').split('\n'))
  const spans = [...page.replace(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span)
  return [...lines, ...spans].flatMap(
    (text) => /(?:^|[ (])hallpass (?!listening)[a-z-]+[^)|]*/.exec(text)?.[0].trim() ?? [],
  )
}

/** The first word that isn't a command, flag that the command doesn't have, or value that the flag doesn't accept. */
function faultOf(line: string): string | undefined {
  const [, ...words] = line.replace(/^\(/, '').split(/\s+/)
  let command = program
  for (const word of words) {
    if (command.commands.length === 0 || !/^[a-z]/.test(word)) break
    const next = command.commands.find((child) => child.name() === word)
    if (!next) return command.options.length > 0 && command !== program ? undefined : word
    command = next
  }
  const options = [...command.options, ...program.options]
  return words.find((word, index) => {
    if (word.startsWith('--')) return word !== '--help' && !optionOf(options, word)
    const choices = optionOf(options, words[index - 1])?.argChoices
    return choices !== undefined && /^\w/.test(word) && !choices.includes(word)
  })
}

const optionOf = (options: typeof program.options, word = '') =>
  options.find(({ long }) => long === word.replace(/[=,.;]$/, ''))
