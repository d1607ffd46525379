import { expect, test } from 'vitest'
import { readableOn } from './readable-on.js'

test.each([
  ['#2563eb', '#ffffff'],
  ['#111827', '#ffffff'],
  ['#8b1e3f', '#ffffff'],
  ['#fde047', '#000000'],
  ['#fff', '#000000'],
  ['#00f', '#ffffff'],
  ['#0f0', '#000000'],
] as const)('text on %s is %s', (color, readable) => {
  expect(readableOn(color)).toBe(readable)
})
