import type { DialectWriter } from './writer.js'

/**
 * Visitor API: JSON for a success, and a documented phrase as plain text for a refusal, with its reason in a header.
 */
export const textDialect: DialectWriter = {
  success: ({ value }) => value,
  refusal({ error, operation }) {
    const [fault] = error.details.items ?? []
    const words = fault?.reference ? `Invalid ${fault.reference}: ${fault.detail}` : error.message
    return {
      body: operation?.phrases?.[error.reason] ?? words,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Error-Reason': error.publicReason },
    }
  },
}
