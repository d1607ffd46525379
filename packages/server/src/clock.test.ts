import { expect, test } from 'vitest'
import { pooledRandom } from './clock.js'

test("pooled random bytes are never handed out twice, and are the caller's own", () => {
  const random = pooledRandom()
  const seen = new Set<string>()
  for (let i = 0; i < 2_000; i++) {
    const bytes = random(16)
    expect(bytes).toHaveLength(16)
    seen.add(bytes.toString('hex'))
    bytes.fill(7)
  }
  expect(seen.size).toBe(2_000)
})

test.each([0, 1, 32, 512, 513, 10_000])('%i bytes are as many, and random to the end', (length) => {
  const random = pooledRandom()
  const [first, second] = [random(length), random(length)]
  expect([first.length, second.length]).toEqual([length, length])
  if (length >= 32) expect(first.subarray(-16)).not.toEqual(second.subarray(-16))
})
