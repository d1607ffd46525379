/** A schema in an OpenAPI document: an object of keywords. */
type Schema = Readonly<Record<string, unknown>>

const words = new Set(['title', 'description', 'example', 'examples', 'default'])

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  'date-time': (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text),
}

type Check = (keyword: unknown, value: unknown, schema: Schema, at: string) => string[]

/** The JSON Schema keywords in the tested parts of the documents. An unknown keyword is an error, never a pass. */
const checks: Readonly<Record<string, Check>> = {
  type: (type, value, _schema, at) => (isOfType(String(type), value) ? [] : [`${at} must be of type ${type}`]),
  enum: (values, value, _schema, at) => ((values as unknown[]).includes(value) ? [] : [`${at} is not in the enum`]),
  format: (format, value, _schema, at) => {
    const isOfFormat = formats[String(format)]
    if (!isOfFormat) throw new Error(`format ${format} is not known to these tests`)
    return typeof value !== 'string' || isOfFormat(value) ? [] : [`${at} is no ${format}`]
  },
  required: (names, value, _schema, at) =>
    (names as string[]).filter((name) => isObject(value) && !(name in value)).map((name) => `${at}.${name} is missing`),
  properties: (properties, value, _schema, at) =>
    Object.entries(properties as Record<string, Schema>).flatMap(([name, schema]) =>
      isObject(value) && name in value ? schemaIssues(schema, value[name], `${at}.${name}`) : [],
    ),
  additionalProperties: (allowed, value, schema, at) => {
    if (typeof allowed === 'object') throw new Error('additionalProperties as a schema is not known to these tests')
    const known = Object.keys((schema.properties as object | undefined) ?? {})
    const unknown = isObject(value) ? Object.keys(value).filter((name) => !known.includes(name)) : []
    return allowed ? [] : unknown.map((name) => `${at}.${name} is not documented`)
  },
  items: (items, value, _schema, at) =>
    Array.isArray(value) ? value.flatMap((item, index) => schemaIssues(items as Schema, item, `${at}[${index}]`)) : [],
  minimum: (least, value, _schema, at) =>
    typeof value !== 'number' || value >= Number(least) ? [] : [`${at} is small`],
  maximum: (most, value, _schema, at) => (typeof value !== 'number' || value <= Number(most) ? [] : [`${at} is large`]),
}

/** How a value deviates from a schema without `$ref`s. Empty if it is valid. */
export function schemaIssues(schema: Schema, value: unknown, at = '$'): string[] {
  return Object.entries(schema).flatMap(([name, keyword]) => {
    if (words.has(name)) return []
    const check = checks[name]
    if (!check) throw new Error(`the keyword ${name} is not known to these tests`)
    return check(keyword, value, schema, at)
  })
}

/** The value with every local `$ref` replaced by what it points to. */
export function resolveRefs(document: object, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveRefs(document, item))
  if (!isObject(value)) return value
  if (typeof value.$ref === 'string') return resolveRefs(document, pointedAt(document, value.$ref))
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolveRefs(document, member)]))
}

function pointedAt(document: object, ref: string): unknown {
  const [start, ...names] = ref.split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  const found = names.reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), document)
  if (start !== '#' || found === undefined) throw new Error(`${ref} points to nothing in the document`)
  return found
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'null') return value === null
  return typeof value === type
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
