import * as z from 'zod'
import { isPlainObject } from './core/is-plain-object.js'
import { type Issues, parseWith } from './issues.js'
import type { Operation } from './operation.js'

/**
 * The parsed input of an operation, or what is wrong with it. The Bridge API documents which members may be null. In all
 * others, null is the same as an absent member.
 */
export const parseInputOf = (operation: Operation, input: unknown): unknown | Issues =>
  parseWith(operation.input, operation.dialect === 'envelope' ? input : dropNulls(operation.input, input))

/**
 * The value without members that are null and may be absent: many serializers write null for what isn't there. Where the
 * schema has a meaning for null, and inside objects that the caller defines, null stays.
 */
function dropNulls(schema: z.core.$ZodType, value: unknown): unknown {
  if (!isPlainObject(value) || !mayHaveNull(value)) return value
  const object = objectSchemaOf(schema)
  if (!object) return value
  // the copy keeps a member called __proto__, so that it is still rejected
  const copy = { ...value }
  for (const [name, field] of Object.entries(object._zod.def.shape)) {
    if (!Object.hasOwn(copy, name)) continue
    if (copy[name] !== null) copy[name] = dropNulls(field, copy[name])
    else if (accepts(field, undefined) && !accepts(field, null)) delete copy[name]
  }
  return copy
}

/** Few inputs contain null, and copying the others took a third of parsing them. What is nested deeper isn't read here. */
const mayHaveNull = (value: object, depth = 3): boolean =>
  Object.values(value).some(
    (member) => member === null || (isPlainObject(member) && (depth === 0 || mayHaveNull(member, depth - 1))),
  )

const accepts = (schema: z.core.$ZodType, value: unknown): boolean => z.safeParse(schema, value).success

/** The object schema inside optional, default and preprocessed ones. */
function objectSchemaOf(schema: z.core.$ZodType): z.core.$ZodObject | undefined {
  if (schema instanceof z.core.$ZodObject) return schema
  if (schema instanceof z.core.$ZodPipe) return objectSchemaOf(schema._zod.def.out)
  // optional, default and nullable schemas have an inner one
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType }
  return innerType && objectSchemaOf(innerType)
}
