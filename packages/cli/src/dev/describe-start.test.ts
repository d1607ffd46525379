import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeStart } from './describe-start.js'

test('docs/quickstart.md shows the beginning of what hallpass dev prints', () => {
  const url = 'http://127.0.0.1:8787'
  const printed = describeStart({
    url,
    widgetsUrl: 'http://127.0.0.1:8788',
    consoleUrl: `${url}/console`,
    folder: '.hallpass',
    expose: false,
  })
  const page = readFileSync(new URL('../../../../docs/quickstart.md', import.meta.url), 'utf8')
  const shown = /```text\n(hallpass .*?)```/s.exec(page)?.[1] ?? 'none'
  expect(printed.replace(/^hallpass \S+/, 'hallpass 0.1.0').slice(0, shown.length)).toBe(shown)
})
