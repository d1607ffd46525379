import * as z from 'zod'
import { scopes } from './core/enums.js'

export const Scope = z.enum(scopes)
