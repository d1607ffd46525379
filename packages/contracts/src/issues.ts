import * as z from 'zod'

/** One problem with an input: the dotted path of the field, if it has one, and what is wrong with it. */
export interface Issue {
  readonly reference?: string
  readonly detail: string
}

const maxIssues = 20
const maxNameLength = 64

/** The parsed value, or the first 20 issues that the schema found. Messages never quote a value, because it may be a secret. */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown): z.output<S> | Issues {
  const result = run(schema, value)
  if (result === undefined) return new Issues([{ detail: 'is not valid' }])
  // the type of what the schema made of it
  if (result.issues.length === 0) return result.value as z.output<S>
  // each zod issue becomes at least one of ours, so the first 20 are enough
  const first = result.issues.slice(0, maxIssues)
  const found = first.map((issue) => z.core.util.finalizeIssue(issue, context, z.core.config()))
  return new Issues(found.flatMap(toIssues).slice(0, maxIssues))
}

/** No schema is asynchronous. Issues contain the value that they are about. */
const context = { async: false, reportInput: true } as const

/**
 * What Zod's `safeParse` does. It copies its options for each call, and then every access to them was slow: a small input
 * took 3.2 µs instead of 0.4.
 *
 * Undefined if the value is invalid in a way that Zod throws for: it compares the `length` of any value, even of one
 * that isn't a string, and an object without a primitive value can't be compared.
 */
function run(schema: z.ZodType, value: unknown): z.core.ParsePayload | undefined {
  try {
    const result = schema._zod.run({ value, issues: [] }, context)
    if (result instanceof Promise) throw new z.core.$ZodAsyncError()
    return result
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** What {@link parseWith} returns if the value is invalid. */
export class Issues {
  readonly list: readonly Issue[]
  constructor(list: readonly Issue[]) {
    this.list = list
  }
}

function toIssues(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, maxIssues).map((key) => issueAt([...issue.path, key], 'is not a known field'))
  }
  return [issueAt(issue.path, detailOf(issue))]
}

function detailOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return 'is required'
    // a message that the schema sets itself is more specific than ours
    return issue.message.startsWith('Invalid input') ? typeMessage(issue.expected) : issue.message
  }
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'invalid_union' && zodsOwn.test(issue.message)) return 'does not match any of the allowed shapes'
  return zodsOwn.test(issue.message) ? (ruleOf(issue) ?? issue.message) : issue.message
}

/** A schema that sets no message of its own has one of these. */
const zodsOwn = /^(Invalid|Too small|Too big)\b/

const formats: Readonly<Record<string, string>> = {
  datetime: 'must be a time such as 2026-11-29T07:04:47Z',
  url: 'must be a URL such as https://shop.example',
}
function ruleOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'too_small') return boundOf(issue.origin, `at least ${issue.minimum}`)
  if (issue.code === 'too_big') return boundOf(issue.origin, `at most ${issue.maximum}`)
  return issue.code === 'invalid_format' ? formats[issue.format] : undefined
}

function boundOf(origin: string, bound: string): string {
  if (origin === 'array') return `must have ${bound} ${bound.endsWith(' 1') ? 'item' : 'items'}`
  return origin === 'string' ? `must be ${bound} characters long` : `must be ${bound}`
}

function typeMessage(expected: string): string {
  const article = /^[aeio]/.test(expected) ? 'an' : 'a'
  return expected === 'int' ? 'must be a whole number' : `must be ${article} ${expected}`
}

function issueAt(path: readonly PropertyKey[], detail: string): Issue {
  const reference = path.map((part) => printable(String(part))).join('.')
  return reference ? { reference, detail } : { detail }
}

/** Field names come from the caller, so they are shortened and sanitized before a response repeats them. */
function printable(name: string): string {
  return withoutControls(name.length > maxNameLength ? `${name.slice(0, maxNameLength)}…` : name)
}

/**
 * Makes untrusted text safe for one line of a log or a terminal: control and format characters, which could move, hide
 * or color other text, become question marks.
 */
export const withoutControls = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
