/** A comment or a string of a TypeScript file, on the line where it starts. */
export interface SourceText {
  readonly number: number
  readonly text: string
  /** Whether it is the title of a test or of a group of tests. */
  readonly isTitle: boolean
}

/** One token. The order matters: a comment or a string hides what it contains. */
const tokens = new RegExp(
  [
    /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)/,
    /(?<string>'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*")/,
    /(?<template>`)/,
    /(?<brace>[{}])/,
    /(?<word>[\p{ID_Start}$_][\p{ID_Continue}$]*|\d[\w.]*)/u,
    /(?<space>\s+)/,
    /(?<other>[\s\S])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'uy',
)
/** A regular expression. It is only read where a value can start. */
const regularExpression = /\/(?![*/])(?:\\[^\n]|\[(?:\\[^\n]|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y
/** The text of a template up to an expression or its end. */
const templatePart = /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*(?:`|\$\{)/y
/** The code before a title: `test(`, `describe.concurrent(`, or the second call of `test.each(…)(`. */
const beforeTitle = /(?:(?<![.\w])(?:test|describe)(?:\.\w+)*|\))\(\s*$/
/** A closing tag, or one without content: the file contains JSX. */
const jsx = /<\/[A-Za-z>]|\/>/
/** The text after an opening or closing tag, up to the next tag or expression. */
const textAfterTag = /[^<>{}`;=]+(?=[<{])/y
/** The text after an expression between tags. Excludes what only code contains. */
const textAfterExpression = /[^<>{}`;=():]+(?=[<{])/y
/** After these, a slash starts a regular expression. After anything else it divides, or closes a JSX element. */
const beforeValue = /^(?:[(,=:[!&|?;+*%~^-]|return|typeof|case|of|in|await|throw|=>|)$/

/**
 * The comments, strings and JSX text of a TypeScript file, without code. The expressions in a template become `…`.
 * Strings without a space are identifiers or paths, so they are left out.
 */
export function textsOf(source: string): SourceText[] {
  const found: { readonly at: number; readonly text: string }[] = []
  // for each template that is open: its text so far, and the depth of braces in its expression
  const templates: { readonly at: number; text: string; depth: number }[] = []
  const hasJsx = jsx.test(source)
  let before = ''
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const result = pattern.exec(source)
    if (result) at = pattern.lastIndex
    return result
  }
  /** Finds text without reading past it: it may be code after all. */
  const noteJsxText = (pattern: RegExp) => {
    pattern.lastIndex = at
    const [text = ''] = pattern.exec(source) ?? []
    if (text.trim() !== '') found.push({ at: at + text.search(/\S/), text: text.replace(/\s+/g, ' ').trim() })
  }
  const readTemplate = () => {
    const open = templates.at(-1)
    const part = match(templatePart)?.[0] ?? ''
    if (!open || part === '') return
    open.text += part.replace(/(?:`|\$\{)$/, '')
    if (part.endsWith('`')) {
      templates.pop()
      found.push({ at: open.at, text: open.text })
      before = '`'
    } else {
      open.text += '…'
      open.depth = 0
      before = '('
    }
  }
  while (at < source.length) {
    const start = at
    if (beforeValue.test(before) && match(regularExpression)) {
      before = '/'
      continue
    }
    const { comment, string, template, brace, word, other } = match(tokens)?.groups ?? {}
    if (comment !== undefined) found.push({ at: start, text: proseOf(comment) })
    if (string !== undefined) found.push({ at: start, text: string.slice(1, -1) })
    if (template !== undefined) {
      templates.push({ at: start, text: '', depth: 0 })
      readTemplate()
      continue
    }
    const open = templates.at(-1)
    if (brace === '}' && open?.depth === 0) {
      readTemplate()
      continue
    }
    if (open && brace !== undefined) open.depth += brace === '{' ? 1 : -1
    if (hasJsx && other === '>' && source[start - 1] !== '=') noteJsxText(textAfterTag)
    if (hasJsx && brace === '}') noteJsxText(textAfterExpression)
    before = string ?? brace ?? word ?? other ?? before
  }
  let line = 1
  let counted = 0
  return found
    .filter(({ text }) => /\s/.test(text.trim()))
    .sort((a, b) => a.at - b.at)
    .map(({ at: offset, text }) => {
      line += source.slice(counted, offset).split('\n').length - 1
      counted = offset
      return { number: line, text, isTitle: beforeTitle.test(source.slice(Math.max(0, offset - 80), offset)) }
    })
}

/** A comment on one line, without its marks and without code in backticks. */
function proseOf(comment: string): string {
  return comment
    .replace(/^\/\*+|\*\/$|^\/\/+/g, '')
    .replace(/\n\s*\*?/g, ' ')
    .replace(/`[^`]*`/g, '`code`')
    .trim()
}
