/** Members whose values only their recipient may see. */
const secretMembers: Readonly<Record<string, string>> = {
  refresh_token: 'refresh token',
  secret: 'secret key',
  pan: 'card number',
  cvc: 'security code',
  pin: 'PIN',
  account_number: 'account number',
}
const secretKey = /\bsk_(test|live)_[\x21-\x7e]+/g

/** Replaces each secret in a body by a description, such as `‹refresh token›`. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(secretKey, '‹secret key›')
  if (Array.isArray(value)) return value.map(redact)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const what = secretMembers[name]
      return [name, what !== undefined && typeof member === 'string' ? `‹${what}›` : redact(member)]
    }),
  )
}

/** A header's value, in which `‹credential›` replaces a credential. */
export function redactHeader(name: string, value: string): string {
  if (name.toLowerCase() !== 'authorization') return value
  return /^bearer /i.test(value) ? 'Bearer ‹credential›' : '‹credential›'
}
