import { describe, expect, test } from 'vitest'
import { batchCounts } from './batch-counts.js'

interface Count {
  readonly name: string
  calls: number
}

function startBatch() {
  const written: Count[][] = []
  const { find, begin, flush } = batchCounts<Count>(60_000, async (counts) => void written.push([...counts]))
  const count = (period: number, ...path: string[]) => {
    const found = find(period, ...path)
    if (found) found.calls++
    else begin({ name: path.join(' '), calls: 1 }, period, ...path)
  }
  return { written, count, flush }
}

describe('batchCounts', () => {
  test('adds up the calls of each path, and writes them together', async () => {
    const { written, count, flush } = startBatch()
    for (const path of [['a', 'b'], ['a', 'c'], ['a', 'b'], ['a']]) count(1, ...path)
    await flush()
    expect(written).toEqual([
      [
        { name: 'a b', calls: 2 },
        { name: 'a c', calls: 1 },
        { name: 'a', calls: 1 },
      ],
    ])
    count(1, 'a', 'b')
    await flush()
    expect(written[1]).toEqual([{ name: 'a b', calls: 1 }])
  })

  test('writes the counts of a period when the next one begins', async () => {
    const { written, count, flush } = startBatch()
    for (const period of [1, 1, 2]) count(period, 'a')
    await flush()
    expect(written).toEqual([[{ name: 'a', calls: 2 }], [{ name: 'a', calls: 1 }]])
  })

  test('drops what is beyond 5,000 different counts, and still adds to the others', async () => {
    const { written, count, flush } = startBatch()
    for (let i = 0; i < 5_001; i++) count(1, `name ${i}`)
    count(1, 'name 0')
    await flush()
    expect(written[0]).toHaveLength(5_000)
    expect(written[0]?.[0]).toEqual({ name: 'name 0', calls: 2 })
  })
})
