import { isPlainObject } from '@hallpass/contracts/core/is-plain-object'

/** The unverified claims of a JWT. Undefined if it isn't one. */
export function tokenPayload(token: string): Record<string, unknown> | undefined {
  const [, payload = ''] = token.split('.')
  try {
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isPlainObject(claims) ? claims : undefined
  } catch {
    return undefined
  }
}
