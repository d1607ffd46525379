import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fuzz, type Target } from '../fuzz/fuzz.js'
import { findGrowth, type Pump } from '../fuzz/growth.js'
import { targets } from '../fuzz/targets.js'

const folder = new URL('../fuzz/cases/', import.meta.url)
interface Case {
  readonly text?: string
  readonly pump?: Pump
}
const cases = readdirSync(folder).map((file) => {
  const found: Case = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
  return [file, targets[file.split('-')[0] ?? ''], found] as const
})

describe('an input that fuzzing found', () => {
  test.each(cases)('breaks no promise: %s', (_file, target, { text, pump }) => {
    expect(target).toBeDefined()
    if (text !== undefined) expect(() => target?.run(text)).not.toThrow()
    if (target && pump) expect(findGrowth(target.run, pump, target.longest)).toBeUndefined()
  })
})

describe.each(Object.entries(targets))('the target %s', (_name, target) => {
  test('breaks no promise for a thousand inputs', () => {
    const { finding, covered } = fuzz(target, { seed: 1, isOver: (runs) => runs > 1_000 })
    expect(finding).toBeUndefined()
    expect(covered, 'its code is watched').toBeGreaterThan(500)
  })
})

describe('the search', () => {
  const planted = (run: Target['run']): Target => ({
    run,
    seeds: ['seed'],
    words: [],
    longest: 8_000,
    isWatched: (url) => url.endsWith('/fuzz.test.ts'),
  })
  const search = (run: Target['run'], runs: number) => fuzz(planted(run), { seed: 7, isOver: (count) => count > runs })

  test('is guided by the code that ran', () => {
    const { finding } = search((text) => {
      // random mutation alone would not find both letters at once
      if (text[0] !== '?') return
      if (text[1] !== '@') return
      if (text.length > 5) throw new Error('found')
    }, 100_000)
    expect(finding).toMatchObject({ kind: 'crash', text: expect.stringMatching(/^\?@/) })
  })

  test('finds quadratic run time', () => {
    const { finding } = search((text) => /^s+s+!$/.test(text), 20_000)
    expect(finding).toMatchObject({ kind: 'growth' })
  })

  test('reports nothing for linear run time', () => {
    expect(search((text) => encodeURIComponent(text.toWellFormed()), 1_000).finding).toBeUndefined()
  })
})
