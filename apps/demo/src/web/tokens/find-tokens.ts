/** A token found in a body. */
export interface FoundToken {
  /** The name of the member that contained it. */
  readonly member: string
  readonly raw: string
}

const members = ['bridge_token', 'token', 'session_token', 'widget_token', 'ticket', 'embed_ticket']

/** Finds the distinct tokens in a body, at any depth. */
export function findTokens(body: unknown): FoundToken[] {
  const found = new Map<string, FoundToken>()
  const pending = [body]
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (typeof next !== 'object' || next === null) continue
    for (const [member, value] of Object.entries(next)) {
      if (typeof value !== 'string') pending.push(value)
      else if (members.includes(member) && isShown(value) && !found.has(value)) found.set(value, { member, raw: value })
    }
  }
  return [...found.values()]
}

/** A record replaces each secret by a description in these quotes. */
const isShown = (value: string) => value !== '' && !value.startsWith('‹')
