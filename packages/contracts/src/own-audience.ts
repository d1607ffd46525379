import * as z from 'zod'
import { isOwnAudience } from './claims.js'

/** An audience that no other kind of token, or other account, uses. */
export const OwnAudience = z
  .string('must be a string')
  .refine(
    isOwnAudience,
    'must be 1 to 200 printable ASCII characters without spaces, and not the audience of a built-in kind of token',
  )
