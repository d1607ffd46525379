import type * as z from 'zod'

/** One fault of an input: the dotted path of the field, when there is one, and what is wrong with it. */
export interface Fault {
  readonly reference?: string
  readonly detail: string
}

const maxFaults = 20
const maxNameLength = 64

/** A parsed value, or the first faults that the schema found, at most 20, in plain words. Values are never quoted: they may be secrets. */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown): z.output<S> | Faults {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  // each issue is at least one fault, so that more of them are not looked at
  return new Faults(result.error.issues.slice(0, maxFaults).flatMap(faultsOfIssue).slice(0, maxFaults))
}

/** What {@link parseWith} returns in place of a value. */
export class Faults {
  readonly list: readonly Fault[]
  constructor(list: readonly Fault[]) {
    this.list = list
  }
}

function faultsOfIssue(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, maxFaults).map((key) => fault([...issue.path, key], 'is not a known field'))
  }
  return [fault(issue.path, detailOf(issue))]
}

function detailOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return 'is required'
    // the schema's own words, where it has some
    return issue.message.startsWith('Invalid input') ? typeWords(issue.expected) : issue.message
  }
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'invalid_union') return 'has none of the allowed shapes'
  return issue.message
}

function typeWords(expected: string): string {
  const article = /^[aeio]/.test(expected) ? 'an' : 'a'
  return expected === 'int' ? 'must be a whole number' : `must be ${article} ${expected}`
}

function fault(path: readonly PropertyKey[], detail: string): Fault {
  const reference = path.map((part) => printable(String(part))).join('.')
  return reference ? { reference, detail } : { detail }
}

/** Field names come from the caller, so they are cut and cleaned before they are said back. */
function printable(name: string): string {
  return withoutControls(name.length > maxNameLength ? `${name.slice(0, maxNameLength)}…` : name)
}

/** Text that another has written, for one line of a log or a terminal: nothing in it moves, hides or colours other text. */
export const withoutControls = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
