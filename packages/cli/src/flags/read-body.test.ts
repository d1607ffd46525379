import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { readBody } from './read-body.js'

const timeouts = { firstByteSeconds: 5, endSeconds: 5 }
const bodyOf = (bytes: Buffer) => readBody({ kind: 'pipe', open: () => Readable.from([bytes]) }, timeouts)

describe('readBody', () => {
  test('skips a byte order mark', async () => {
    expect(await bodyOf(Buffer.from('\ufeff{"a":1}'))).toEqual({ a: 1 })
  })

  test('rejects text that is not UTF-8, with the offset', async () => {
    await expect(bodyOf(Buffer.from('{"name":"J\xf6rg"}', 'latin1'))).rejects.toThrow(
      'The body on stdin is not valid UTF-8 at byte 10 (counted from 0).',
    )
  })
})
