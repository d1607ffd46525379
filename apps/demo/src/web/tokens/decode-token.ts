/** The header and claims of a JWT. They are not verified: check the signature before you rely on a token. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** Decodes a JWT. Returns undefined if the token is opaque. */
export function decodeToken(raw: string): DecodedToken | undefined {
  const [header, claims, ...rest] = raw.split('.').map(readPart)
  return header && claims && rest.length === 1 ? { header, claims } : undefined
}

function readPart(part: string): Record<string, unknown> | undefined {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
