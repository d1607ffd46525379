import * as z from 'zod'
import { kindScopes, scopes } from './core/enums.js'
import { kindNamePattern } from './kinds/declaration.js'

// the type of an object's keys is always `string[]`
const uses = Object.keys(kindScopes) as (keyof typeof kindScopes)[]
const KindScope = z.templateLiteral(['kind:', z.string().regex(kindNamePattern), ':', z.enum(uses)])

export const Scope = z.union([z.enum(scopes), KindScope], {
  error: `must be one of ${scopes.join(', ')}, or for one kind, such as kind:report-viewer:mint`,
})
