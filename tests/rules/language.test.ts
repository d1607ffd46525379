import { describe, expect, test } from 'vitest'
import { linesOf } from './support/markdown.js'
import { filesUnder, readText } from './support/repository.js'
import { textsOf } from './support/source-text.js'

/** Texts that the rules apply to: the files, and the lines of a file that people read. */
interface Scope {
  readonly files: readonly string[]
  readonly linesOf: (text: string) => readonly Line[]
}

interface Line {
  readonly number: number
  readonly text: string
  readonly isTitle?: boolean
}

/** The comments, strings and titles of tests in the TypeScript and JavaScript files of some folders. */
const sourceIn = (...folders: readonly string[]): Scope => ({
  files: folders
    .flatMap((folder) => filesUnder(folder))
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file) && file !== thisFile),
  linesOf: textsOf,
})

/** Contains the words that it forbids. */
const thisFile = 'tests/rules/language.test.ts'

/** To check another package, add a line. */
const scopes: Readonly<Record<string, Scope>> = {
  Markdown: { files: filesUnder('', '.md').filter(isWritten), linesOf: proseOf },
  'packages/contracts': sourceIn('packages/contracts/src'),
  'packages/cli': sourceIn('packages/cli/src'),
  'packages/server': sourceIn('packages/server/src'),
  'packages/client': sourceIn('packages/client/src'),
  'apps/demo': sourceIn('apps/demo'),
  examples: sourceIn('examples'),
  tests: sourceIn('tests'),
  scripts: sourceIn('scripts'),
}

/** Words that a native writer doesn't use, and what to write instead. */
const fingerprints: readonly (readonly [RegExp, string])[] = [
  [/\bin place of\b/i, 'instead of'],
  [/(?<!\bthere )\b(is|are|was|were|be) none\b/i, 'invalid, missing or unknown'],
  [/\btold\b/i, 'say who says what: the response shows, the log names'],
  [/\bwhoever\b/i, 'anyone, the caller or you'],
  [/\bnobody\b/i, 'no one, or name the actor'],
  [/\banew\b/i, 'again'],
  [/\bshall\b/i, 'must or will'],
  [/\b(for|as|by|to|of) who (runs|may|has|holds|reads|wants)\b/i, 'anyone who, or you'],
  [/\bmay (little|everything|nothing)\b/i, 'has minimal, full or no access'],
  [/\bthat there (is|are) not?\b/i, 'no … exists'],
  [/\b(here|there) stands\b|\bstands (here|there)\b/i, 'shows, contains'],
  [/\blets? (it |them )?in\b/i, 'accepts, allows'],
  [/\b(tRPC|visitor|REST|thin|both|which) doors?\b/i, 'transport'],
  [/\bthe river\b|\brooms? of the (server|code)\b/i, 'request flow, modules'],
  [/\bcut-offs?\b/i, 'cutoff'],
]

/** Documents that aren't part of the repository. */
const dangling = /\b(seeds?|wire) 0?\d|\bseed['’]s\b|\bwire\.md\b|\bthe wire\b/i

/** A row of docs/security.md quotes the titles of tests. */
const quotedTitle = /\| `[\w-]+\.test\.ts`: .*$/

/** The lines of a scope's files, read once for all its rules. */
const linesByFile = (scope: Scope) => scope.files.map((file) => [file, scope.linesOf(readText(file))] as const)

const found = (
  files: readonly (readonly [file: string, lines: readonly Line[]])[],
  faultOf: (line: Line) => string | undefined,
): string[] =>
  files.flatMap(([file, lines]) =>
    lines.flatMap((line) => {
      const fault = faultOf(line)
      return fault === undefined ? [] : [`${file}:${line.number}: ${fault}`]
    }),
  )

describe.each(Object.entries(scopes))('%s', (_, scope) => {
  const files = linesByFile(scope)

  test('uses the usual words', () => {
    expect(found(files, ({ text }) => wordFault(text))).toEqual([])
  })

  test('cites nothing that is not in the repository', () => {
    expect(found(files, ({ text }) => dangling.exec(text)?.[0])).toEqual([])
  })

  test('has no title over 90 characters', () => {
    expect(found(files, (line) => (isLongTitle(line) ? line.text : undefined))).toEqual([])
  })
})

describe('the rules', () => {
  test.each([
    ['It is used in place of the other.', 'in place of: instead of'],
    ['A token that is none is refused.', 'is none: invalid, missing or unknown'],
    ['Nobody is told.', 'told: say who says what: the response shows, the log names'],
    ['A cut-off ends it.', 'cut-off: cutoff'],
  ])('find the fault in "%s"', (text, fault) => {
    expect(wordFault(text)).toBe(fault)
  })

  test.each(['Use a module instead of a class.', 'There is no limit.', 'None of the keys is active.'])(
    'find no fault in "%s"',
    (text) => {
      expect(wordFault(text)).toBeUndefined()
    },
  )

  test.each([
    [{ number: 1, text: 'a'.repeat(91), isTitle: true }, true],
    [{ number: 1, text: 'a'.repeat(90), isTitle: true }, false],
    [{ number: 1, text: 'a'.repeat(91), isTitle: false }, false],
  ])('compare the length of a title: %#', (line, isLong) => {
    expect(isLongTitle(line)).toBe(isLong)
  })

  test.each(['as seed 003 says', 'wire 5', 'see wire.md', "in the seed's words"])(
    'find the citation in "%s"',
    (text) => {
      expect(text).toMatch(dangling)
    },
  )
})

describe('the shape of Markdown', () => {
  const pages = linesByFile({ files: filesUnder('', '.md'), linesOf })

  test('no line exceeds 160 characters (wrap at 120), except in tables and code', () => {
    expect(found(pages, ({ text }) => (text.length > 160 && !isRow(text) ? text.slice(0, 60) : undefined))).toEqual([])
  })

  test('no cell of a table is longer than 160 characters', () => {
    expect(found(pages, ({ text }) => (isRow(text) ? longCell(text) : undefined))).toEqual([])
  })
})

/** A title counts as written, with `%s` unexpanded. */
function isLongTitle({ isTitle, text }: Line): boolean {
  return isTitle === true && text.length > 90
}

/** Generated pages quote texts of the code. */
function isWritten(page: string): boolean {
  return !readText(page).startsWith('<!-- Made by')
}

const isRow = (text: string): boolean => /^\s*\|/.test(text)

const longCell = (row: string): string | undefined =>
  row
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())
    .find((cell) => cell.length > 160)

/** The lines of a page without code, targets of links and quoted titles of tests. */
function proseOf(page: string): Line[] {
  return linesOf(page).map(({ number, text }) => ({
    number,
    text: text
      .replace(quotedTitle, '')
      .replace(/`[^`]*`/g, '`code`')
      .replace(/\]\([^)]*\)/g, ']'),
  }))
}

function wordFault(text: string): string | undefined {
  for (const [word, instead] of fingerprints) {
    const match = word.exec(text)
    if (match) return `${match[0].toLowerCase()}: ${instead}`
  }
  return undefined
}
