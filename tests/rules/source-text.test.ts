import { describe, expect, test } from 'vitest'
import { textsOf } from './support/source-text.js'

const read = (source: string) => textsOf(source).map(({ text }) => text)

describe('textsOf', () => {
  test('finds comments on one line, after code and on several lines', () => {
    const source = "// one line\nconst a = 'x' // after code\n/** Starts here\n * and ends `here`. */"
    expect(textsOf(source)).toEqual([
      { number: 1, text: 'one line', isTitle: false },
      { number: 2, text: 'after code', isTitle: false },
      { number: 3, text: 'Starts here  and ends `code`.', isTitle: false },
    ])
  })

  test('finds strings of all three kinds, but no identifiers and paths', () => {
    expect(read("f('a b', \"it's c\", `d e`, 'identifier', './a/path.js')")).toEqual(['a b', "it's c", 'd e'])
  })

  test('replaces expressions in templates and finds the strings in them', () => {
    expect(read("`the $\u007ba.map((x) => `inner $\u007bx} text`).join('x y')} end`")).toEqual([
      'the … end',
      'inner … text',
      'x y',
    ])
    expect(read("`a $\u007bport} b`; 'c d'")).toEqual(['a … b', 'c d'])
    expect(read("`a $\u007b{ b: { c: 'd e' } }} f`; 'g h'")).toEqual(['a … f', 'd e', 'g h'])
  })

  test('finds the text between JSX tags', () => {
    const source = '<p className="a b">\n  One line, {count} of it, <b>and more</b> after it\n</p>'
    expect(textsOf(source).map(({ number, text }) => [number, text])).toEqual([
      [1, 'a b'],
      [2, 'One line,'],
      [2, 'of it,'],
      [2, 'and more'],
      [2, 'after it'],
    ])
  })

  test('recognizes titles', () => {
    const titles = (source: string) => textsOf(source).flatMap(({ text, isTitle }) => (isTitle ? [text] : []))
    expect(titles("describe('a b', () => { test('c d', () => { expect(x, 'e f') }) })")).toEqual(['a b', 'c d'])
    expect(titles("test.concurrent('a b')\ntest.each([['c d']])(\n  'e %s', f)")).toEqual(['a b', 'e %s'])
    expect(titles('describe.each(all)(`a $\u007bx} b`)')).toEqual(['a … b'])
    expect(titles("z.string().describe('a b')")).toEqual([])
  })

  test.each([
    ['a comment in a string', "'// no comment'", ['// no comment']],
    ['a quote in a comment', "// it's one\n'a b'", ["it's one", 'a b']],
    ['a quote in a regular expression', "const r = /['\"`]/g; f('a b')", ['a b']],
    ['a slash in a class', "x.replace(/[/'] /, 'a b')", ['a b']],
    ['a division', "const half = (a + b) / 2; f('a b') / 2", ['a b']],
    ['an escaped quote', "'it\\'s a' + 'b c'", ["it\\'s a", 'b c']],
    ['an escaped backtick', '`a \\` b`; `c d`', ['a \\` b', 'c d']],
    ['an apostrophe in JSX', "const e = <p>don't</p>\nf('a b')", ['a b']],
  ])('is not confused by %s', (_, source, texts) => {
    expect(read(source)).toEqual(texts)
  })
})
