import * as z from 'zod'
import { isPlainObject } from './core/is-plain-object.js'

const maxTextLength = 1024
const maxJsonBytes = 4096
const maxJsonDepth = 32
const maxMembers = 500
const tooManyBytes = `must be at most ${maxJsonBytes} bytes of JSON`
const unsafeInteger = `must not contain a whole number beyond ${Number.MAX_SAFE_INTEGER}; send it as a string`
const protoIssue = 'must not contain a member called __proto__'

/** Why a string is invalid, or undefined. Databases and logs can't store NUL and lone surrogates. */
function textIssue(value: string): string | undefined {
  if (value.includes('\u0000')) return 'must not contain NUL'
  if (!value.isWellFormed()) return 'must be well-formed Unicode'
  return undefined
}

/** Text from clients: at most 1,024 characters, without NUL and lone surrogates. */
export const text = (max = maxTextLength) =>
  z.string().max(max, `must be at most ${max} characters long`).superRefine(checkText)

function checkText(value: string, ctx: z.RefinementCtx): void {
  const issue = textIssue(value)
  if (issue) ctx.addIssue({ code: 'custom', message: issue })
}

/** An http(s) URL. The rules of {@link text} apply too. */
export const webUrl = withSizeCheck(
  z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .max(maxTextLength)
    .superRefine(checkText),
  // parsing a host name that isn't ASCII takes quadratic time
  (value) => typeof value === 'string' && value.length > maxTextLength,
  `must be at most ${maxTextLength} characters long`,
)

/** A list of at most `max` items. A longer list is rejected before its items are parsed, because parsing is expensive. */
export const atMost = <S extends z.ZodType>(max: number, list: z.ZodArray<S>) =>
  withSizeCheck(list.max(max), (value) => Array.isArray(value) && value.length > max, `must have at most ${max} items`)

/** Rejects values that are too large before the schema sees them. */
function withSizeCheck<S extends z.ZodType>(schema: S, isTooLarge: (value: unknown) => boolean, message: string): S {
  const checked = z.preprocess((value, ctx) => {
    if (isTooLarge(value)) ctx.addIssue({ code: 'custom', message })
    return value
  }, schema)
  // typed as the inner schema: declaration files can't express the preprocess step
  return checked as unknown as S
}

/** An object with the given fields and up to 500 members in total, all others texts. The rules of {@link text} apply to names too. */
export const texts = <S extends z.ZodRawShape>(shape: S) => {
  const schema = z.object(shape).catchall(text())
  // runs before the schema, which would silently drop __proto__
  const checked = z.preprocess((value, ctx) => {
    const issue = isPlainObject(value) ? namesIssue(Object.keys(value)) : undefined
    if (issue) ctx.addIssue({ code: 'custom', message: issue })
    return value
  }, schema)
  // typed as the inner schema: declaration files can't express the preprocess step
  return checked as unknown as typeof schema
}

function namesIssue(names: readonly string[]): string | undefined {
  if (names.length > maxMembers) return `must have at most ${maxMembers} members`
  return names.map(nameIssue).find(Boolean)
}

function nameIssue(name: string): string | undefined {
  if (name === '__proto__') return protoIssue
  const issue = name.length > maxTextLength ? `must be at most ${maxTextLength} characters long` : textIssue(name)
  return issue && `has a member whose name ${issue}`
}

/** Text that isn't empty. */
export const filledText = (max = maxTextLength) => text(max).min(1, 'must not be empty')

/** An id from the service. Its characters need no escaping in a path. */
export const identifier = z
  .string()
  .max(100, 'must be at most 100 characters long')
  .regex(/^[A-Za-z0-9_-]+$/, 'must be an id')

/** A UUID of any version, converted to lower case. */
export const uuid = z.guid('must be a UUID').toLowerCase()

/**
 * A JSON object that the caller defines: at most 4 KiB as JSON and 32 levels deep. The rules of {@link text} apply to every
 * string in it. The check doesn't recurse, so deep nesting can't overflow the stack.
 */
export const jsonObject = z
  // z.record would silently drop __proto__
  .custom<Record<string, unknown>>(isPlainObject, 'must be an object')
  .superRefine((value, ctx) => {
    const issue = jsonIssue(value)
    if (issue) ctx.addIssue({ code: 'custom', message: issue })
  })
  .meta({ type: 'object', additionalProperties: true })

/**
 * A {@link jsonObject} that someone sends. Parsing JSON rounds whole numbers beyond 2⁵³ − 1, so the token would state
 * another number than its sender. Tokens themselves are read without this rule.
 */
export const sentJsonObject = jsonObject
  .superRefine((value, ctx) => {
    if (hasUnsafeInteger(value)) ctx.addIssue({ code: 'custom', message: unsafeInteger })
  })
  .meta({ type: 'object', additionalProperties: true })

function hasUnsafeInteger(root: unknown): boolean {
  const pending = [root]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) return true
    if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) pending.push(member)
  }
  return false
}

function jsonIssue(root: unknown): string | undefined {
  const pending = [{ value: root, depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, depth } = next
    if (depth > maxJsonDepth) return `must be nested at most ${maxJsonDepth} levels deep`
    if (typeof value === 'number' && !Number.isFinite(value)) return 'must not contain a number that is out of range'
    if (typeof value === 'string') {
      const issue =
        value.length > maxTextLength
          ? `must not contain a string of more than ${maxTextLength} characters`
          : textIssue(value)
      if (issue) return issue
    }
    if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value)
      // each takes at least two bytes, so more members than this can't fit
      if (members.length > maxJsonBytes / 2) return tooManyBytes
      for (const [key, member] of members) {
        if (key === '__proto__') return protoIssue
        pending.push({ value: key, depth }, { value: member, depth: depth + 1 })
      }
    }
  }
  const bytes = new TextEncoder().encode(JSON.stringify(root)).length
  return bytes > maxJsonBytes ? tooManyBytes : undefined
}
