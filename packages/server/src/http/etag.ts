import { createHash } from 'node:crypto'

/** A strong validator of a body (RFC 9110 section 8.8.3). */
export const etagOf = (body: string | Buffer): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`

/** The validator of the same body in another encoding, because a strong one identifies exact bytes. */
export const encodedEtag = (etag: string, encoding: string): string => etag.replace(/"$/, `.${encoding}"`)

/** RFC 9110 section 13.1.2, weak comparison. A compressed copy in the caller's cache is as good as a plain one. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',') ?? []
  return tags.some((tag) => tag.trim() === '*' || plainEtag(tag) === etag)
}

// our validators contain no dot, so the dot begins the encoding
const plainEtag = (tag: string) =>
  tag
    .trim()
    .replace(/^W\//, '')
    .replace(/\.\w+"$/, '"')
