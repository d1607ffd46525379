import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { matchesEtag } from './etag.js'
import { encodeShared, shareBody, shareLatest } from './shared-body.js'

const text = 'a document of many words '.repeat(100)

describe('a body that is the same for everyone', () => {
  test('is the same bytes for every caller, plain and compressed', async () => {
    const shared = shareBody(text)
    for (const accepted of [undefined, 'br', 'gzip']) {
      const [first, second] = await Promise.all([encodeShared(shared, accepted), encodeShared(shared, accepted)])
      expect(first.body).toBe(second.body)
    }
    expect(String(brotliDecompressSync((await encodeShared(shared, 'gzip, br')).body))).toBe(text)
    expect(String(gunzipSync((await encodeShared(shared, 'GZIP')).body))).toBe(text)
  })

  test('has a validator for each encoding, and recognizes them all', async () => {
    const shared = shareBody(text)
    const tags = await Promise.all([undefined, 'br', 'gzip'].map(async (one) => (await encodeShared(shared, one)).etag))
    expect(new Set(tags).size).toBe(3)
    for (const tag of tags) {
      expect(matchesEtag(tag, shared.etag)).toBe(true)
      expect(matchesEtag(`"other", W/${tag}`, shared.etag)).toBe(true)
    }
    expect(matchesEtag(tags[1], shareBody(`${text}!`).etag)).toBe(false)
  })

  test('is built again only if its text changes', () => {
    const latest = shareLatest()
    const first = latest(text)
    expect(latest(`${text}`)).toBe(first)
    expect(latest(`${text}!`)).not.toBe(first)
    expect(latest(`${text}!`).etag).not.toBe(first.etag)
  })
})
