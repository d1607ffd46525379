import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { startProgress } from './progress.js'

function run(isTTY: boolean, total: number, TERM = 'xterm'): string {
  let written = ''
  const stderr = {
    isTTY,
    write: (text: string) => {
      written += text
    },
  }
  const progress = startProgress({ stderr, env: { TERM } }, 'importing', 'rows')
  for (let done = 0; done <= total; done++) progress.report(done, total)
  progress.end()
  return written
}

test('without a terminal, prints a line for every 10%', () => {
  const tenths = Array.from({ length: 11 }, (_, i) => `importing: ${i * 25} of 250 rows\n`)
  expect(run(false, 250)).toBe(tenths.join(''))
})

test('prints one line for each of a few steps, and one line if there is no work', () => {
  expect(run(false, 2)).toBe('importing: 0 of 2 rows\nimporting: 1 of 2 rows\nimporting: 2 of 2 rows\n')
  expect(run(false, 0)).toBe('importing: 0 of 0 rows\n')
})

test('prints lines on a dumb terminal', () => {
  expect(run(true, 2, 'dumb')).toBe(run(false, 2))
})

test('on a terminal, the bar ends at 100% and the cursor is restored', () => {
  const written = run(true, 250)
  expect(stripVTControlCharacters(written)).toContain(`importing ${'█'.repeat(24)} 100% | 250 of 250 rows`)
  expect(written).toContain('\u001b[?25l')
  expect(written.lastIndexOf('\u001b[?25h')).toBeGreaterThan(written.lastIndexOf('█'))
  expect(written.endsWith('\n')).toBe(true)
})
