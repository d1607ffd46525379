/**
 * Whether a header `Accept` names a media type, and doesn't prefer JSON to it (RFC 9110 section 12.5.1). A wildcard
 * doesn't name it.
 */
export function prefersType(accept: string | undefined, mediaType: string): boolean {
  const listed = (accept ?? '').toLowerCase().split(',')
  const weights = new Map(listed.map((item) => [item.split(';', 1)[0]?.trim(), weightOf(item)]))
  const weight = weights.get(mediaType) ?? 0
  return weight > 0 && weight >= (weights.get('application/json') ?? 0)
}

const weightOf = (item: string) => Number(/;\s*q=([01](?:\.\d*)?)/.exec(item)?.[1] ?? 1)
