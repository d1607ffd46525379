const headLength = 18
const tailLength = 6

/** The two ends of a token, enough to tell it from another. */
export function shortenToken(raw: string): string {
  // a short token would otherwise be shown whole
  if (raw.length < 2 * (headLength + tailLength)) return `${raw.slice(0, 8)}…`
  return `${raw.slice(0, headLength)}…${raw.slice(-tailLength)}`
}
