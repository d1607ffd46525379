/** A token as it stood in a body. */
export interface FoundToken {
  /** The member it was the value of. */
  readonly member: string
  readonly raw: string
}

const members = ['bridge_token', 'token', 'session_token', 'widget_token', 'ticket', 'embed_ticket']

/** Every token in a body, each once, however deep. */
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

/** Secrets stand in a record as what they are, between these quotes. */
const isShown = (value: string) => value !== '' && !value.startsWith('‹')
