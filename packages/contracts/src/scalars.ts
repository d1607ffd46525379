import * as z from 'zod'
import { isPlainObject } from './core/is-plain-object.js'

const maxTextLength = 1024
const maxJsonBytes = 4096
const maxJsonDepth = 32
const maxMembers = 500
const tooManyBytes = `must be at most ${maxJsonBytes} bytes of JSON`
const protoFault = 'must not contain a member called __proto__'

/** Why a string may not be used, or undefined: NUL and lone surrogates survive no database and no log. */
function textFault(value: string): string | undefined {
  if (value.includes('\u0000')) return 'must not contain NUL'
  if (!value.isWellFormed()) return 'must be well-formed Unicode'
  return undefined
}

/** Text as clients may send it: at most 1,024 characters, no NUL, no lone surrogate (wire 5). */
export const text = (max = maxTextLength) =>
  z.string().max(max, `must be at most ${max} characters long`).superRefine(refuseFault)

function refuseFault(value: string, ctx: z.RefinementCtx): void {
  const fault = textFault(value)
  if (fault) ctx.addIssue({ code: 'custom', message: fault })
}

/** The URL of something on the web; a text like any other. */
export const webUrl = refusedFirst(
  z
    .url({ protocol: /^https?$/ })
    .max(maxTextLength)
    .superRefine(refuseFault),
  // reading a host name that is not ASCII costs the square of its length
  (value) => typeof value === 'string' && value.length > maxTextLength,
  `must be at most ${maxTextLength} characters long`,
)

/** A list of at most `max` items. A longer one is refused before its items are read, each of which costs more than its bytes. */
export const atMost = <S extends z.ZodType>(max: number, list: z.ZodArray<S>) =>
  refusedFirst(list.max(max), (value) => Array.isArray(value) && value.length > max, `must hold at most ${max} items`)

/** A schema that is not asked about a value that is too large for it. */
function refusedFirst<S extends z.ZodType>(schema: S, isTooLarge: (value: unknown) => boolean, message: string): S {
  const checked = z.preprocess((value, ctx) => {
    if (isTooLarge(value)) ctx.addIssue({ code: 'custom', message })
    return value
  }, schema)
  // a type that spells the step out would be refused where declarations are checked
  return checked as unknown as S
}

/** An object of at most 500 members, whose other members are texts too. Their names keep the rules of {@link text}, and none is left out in silence. */
export const texts = <S extends z.ZodRawShape>(shape: S) => {
  const schema = z.object(shape).catchall(text())
  // before the schema, which leaves __proto__ out
  const checked = z.preprocess((value, ctx) => {
    const fault = isPlainObject(value) ? namesFault(Object.keys(value)) : undefined
    if (fault) ctx.addIssue({ code: 'custom', message: fault })
    return value
  }, schema)
  // a type that spells its members out would be refused where declarations are checked
  return checked as unknown as typeof schema
}

function namesFault(names: readonly string[]): string | undefined {
  if (names.length > maxMembers) return `must hold at most ${maxMembers} members`
  return names.map(nameFault).find(Boolean)
}

function nameFault(name: string): string | undefined {
  if (name === '__proto__') return protoFault
  const fault = name.length > maxTextLength ? `must be at most ${maxTextLength} characters long` : textFault(name)
  return fault && `has a member whose name ${fault}`
}

/** Text that must say something. */
export const filledText = (max = maxTextLength) => text(max).min(1, 'must not be empty')

/** An id that the service gave out; its letters need no escaping in a path. */
export const identifier = z
  .string()
  .max(100, 'must be at most 100 characters long')
  .regex(/^[A-Za-z0-9_-]+$/, 'must be an id')

/** A UUID of any version, in lower case once parsed. */
export const uuid = z.guid('must be a UUID').toLowerCase()

/** A BCP 47 language tag such as `en` or `pt-BR`. */
export const languageTag = z
  .string()
  .max(35, 'must be at most 35 characters long')
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a language tag such as en or pt-BR')

/**
 * A JSON object of the caller's own: at most 4 KiB as JSON, 32 levels, and the rules of {@link text} for every string in it.
 * Walked without recursion, so that no nesting can exhaust the stack.
 */
export const jsonObject = z
  // not z.record, which leaves members out that it does not like the name of
  .custom<Record<string, unknown>>(isPlainObject, 'must be an object')
  .superRefine((value, ctx) => {
    const fault = jsonFault(value)
    if (fault) ctx.addIssue({ code: 'custom', message: fault })
  })
  .meta({ type: 'object', additionalProperties: true })

function jsonFault(root: unknown): string | undefined {
  const pending = [{ value: root, depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, depth } = next
    if (depth > maxJsonDepth) return `must be nested at most ${maxJsonDepth} levels deep`
    if (typeof value === 'number' && !Number.isFinite(value)) return 'must not contain a number out of range'
    if (typeof value === 'string') {
      const fault =
        value.length > maxTextLength ? `must hold strings of at most ${maxTextLength} characters` : textFault(value)
      if (fault) return fault
    }
    if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value)
      // each takes two bytes at least, so that no more of them are looked at than could fit
      if (members.length > maxJsonBytes / 2) return tooManyBytes
      for (const [key, member] of members) {
        if (key === '__proto__') return protoFault
        pending.push({ value: key, depth }, { value: member, depth: depth + 1 })
      }
    }
  }
  const bytes = new TextEncoder().encode(JSON.stringify(root)).length
  return bytes > maxJsonBytes ? tooManyBytes : undefined
}
