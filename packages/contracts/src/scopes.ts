import * as z from 'zod'
import { scopes } from './core/enums.js'
import { kindNamePattern } from './kinds/declaration.js'

const KindScope = z.templateLiteral(['kind:', z.string().regex(kindNamePattern), ':', z.enum(['mint', 'redeem'])])

export const Scope = z.union([z.enum(scopes), KindScope], {
  error: `must be one of ${scopes.join(', ')}, or for one kind, such as kind:report-viewer:mint`,
})
