import { findClaimsIssue, findClaimsSchemaIssue } from '@hallpass/contracts'
import type { Target } from './fuzz.js'

/** Every keyword that can be in an accepted schema. Others could take more than linear time. */
const keywords = new Set([
  ...['$schema', '$comment', 'title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'anyOf', 'format'],
  ...['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'],
])

/** A schema for claims and the claims, one on each line. */
export const schema: Target = {
  run(text) {
    const [first = '', second = ''] = text.split('\n', 2)
    const declared = jsonOf(first)
    if (!declared) return
    if (findClaimsSchemaIssue(declared.value)) return
    if (Buffer.byteLength(JSON.stringify(declared.value)) > 8192)
      throw new Error('a schema is accepted that is too long')
    const other = [...keywordsIn(declared.value)].find((keyword) => !keywords.has(keyword))
    if (other !== undefined) throw new Error(`a schema is accepted that has the keyword ${other}`)
    const claims = jsonOf(second)
    // a mint refuses claims of more than 4 KiB before they are checked
    if (!claims || Buffer.byteLength(second) > 4096) return
    const found = findClaimsIssue(declared.value, claims.value)
    const again = findClaimsIssue(JSON.parse(JSON.stringify(declared.value)), claims.value)
    if (JSON.stringify(found) !== JSON.stringify(again)) throw new Error('a copy of a schema decides otherwise')
  },
  seeds: [
    '{"type":"object","properties":{"rows":{"type":"array","items":{"type":"string","maxLength":64},"maxItems":50}},"additionalProperties":false}\n{"rows":["eu","us"]}',
    '{"type":"object","properties":{"a":{"anyOf":[{"type":"integer","minimum":1},{"type":"null"}]}},"required":["a"]}\n{"a":null}',
    '{"type":"object","properties":{"at":{"type":"string","format":"date-time"},"id":{"type":"string","format":"uuid"}}}\n{"at":"2026-11-21T08:00:00.000Z","id":"01a1fd3a-c62d-7ea6-8b6d-a97e08d21893"}',
    '{"type":"object","properties":{"mail":{"type":"string","format":"email"},"link":{"type":"string","format":"uri"}}}\n{"mail":"a@b.example","link":"https://b.example/?q=1#a"}',
    '{"type":"object","additionalProperties":{"enum":[1,"a",true,null]}}\n{"__proto__":1,"b":"a"}',
    '{"type":"object","properties":{"a":{"type":"string","pattern":"(a+)+$"}}}\n{"a":"aaaa"}',
  ],
  words: [
    ...['"type":"object"', '"type":"array"', '"type":"string"', '"properties":{', '"items":{', '"anyOf":[', '"enum":['],
    ...['"required":["a"]', '"additionalProperties":false', '"format":"uri"', '"format":"email"', '"pattern":"(a+)+$"'],
    ...[
      '"$ref":"#"',
      '"__proto__":',
      '"const":',
      '"minLength":1',
      '"maxItems":2',
      '{',
      '}',
      '[',
      ']',
      ',',
      '\n',
      'null',
    ],
    ...['1e308', '-0', '"a"', '@', '%2f', ':', '{}', '\\u0000', '"\\ud800"'],
  ],
  longest: 64_000,
  isWatched: (url) => url.includes('/contracts/src/kinds/'),
}

function jsonOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** The keywords of a schema and of those in it. */
function* keywordsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [keyword, own] of Object.entries(value)) {
    yield keyword
    if (keyword === 'properties') for (const member of Object.values(Object(own))) yield* keywordsIn(member)
    else if (keyword === 'anyOf' && Array.isArray(own)) for (const member of own) yield* keywordsIn(member)
    else if (keyword === 'items' || keyword === 'additionalProperties') yield* keywordsIn(own)
  }
}
