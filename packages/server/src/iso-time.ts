/** So many seconds at once: a call says when it was answered, and when its token expires, 5 to 60 minutes later. */
const slots = 17
const known: { second: number; text: string }[] = Array.from({ length: slots }, () => ({
  second: Number.NaN,
  text: '',
}))

/**
 * A time in milliseconds as RFC 3339 in UTC, with milliseconds. The part up to the second is made once a second: a call
 * says two or three times, and `toISOString` took 3 % of it.
 */
export function isoTime(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000)
  const slot = known[Math.abs(second) % slots]
  if (!slot || slot.second !== second) return remember(milliseconds, second)
  return `${slot.text}${String(milliseconds - second * 1000).padStart(3, '0')}Z`
}

function remember(milliseconds: number, second: number): string {
  const text = new Date(milliseconds).toISOString()
  known[Math.abs(second) % slots] = { second, text: text.slice(0, -4) }
  return text
}

/** The day of a time in milliseconds, in UTC. */
export const isoDay = (milliseconds: number): string => isoTime(milliseconds).slice(0, 10)
