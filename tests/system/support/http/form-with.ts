import type { Operation } from '@hallpass/contracts'

/** A form with a text as its token, and the response to a token that isn't recognized. */
export function formWith(operation: Operation, text: string) {
  if (operation.id === 'tokens.introspect') return { body: `token=${text}`, unrecognized: [200, { active: false }] }
  if (operation.id === 'tokens.revoke') return { body: `token=${text}`, unrecognized: [200, {}] }
  const body = new URLSearchParams(operation.example.input as Record<string, string>)
  body.delete('subject_token')
  return { body: `${body}&subject_token=${text}`, unrecognized: [400, { error: 'invalid_request' }] }
}
