import { publicMessage } from '../../errors.js'
import type { DialectWriter } from './writer.js'

/**
 * Visitor API: JSON for a success, and a documented phrase as plain text for a refusal, with its reason in a header.
 */
export const textDialect: DialectWriter = {
  success: ({ value }) => value,
  refusal({ error, operation }) {
    return {
      body: publicMessage(error, operation),
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Error-Reason': error.publicReason },
    }
  },
}
