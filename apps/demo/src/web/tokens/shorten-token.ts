const headLength = 18
const tailLength = 6

/** The start and end of a token, enough to distinguish it from others. */
export function shortenToken(raw: string): string {
  // otherwise a short token would be shown completely
  if (raw.length < 2 * (headLength + tailLength)) return `${raw.slice(0, 8)}…`
  return `${raw.slice(0, headLength)}…${raw.slice(-tailLength)}`
}
