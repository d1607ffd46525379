import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { operations } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { anchorsOf } from './support/markdown.js'
import { readText, root } from './support/repository.js'

interface Alert {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary?: string; readonly description?: string; readonly docs?: string }
}

const folder = 'examples/prometheus'
const rules = parse(readText(`${folder}/hallpass.rules.yaml`)) as { groups: readonly { rules: readonly Alert[] }[] }
const alerts = rules.groups.flatMap((group) => group.rules)

const promtool = (...args: string[]) => spawnSync('promtool', args, { encoding: 'utf8', cwd: join(root, folder) })
const hasPromtool = promtool('--version').status === 0
if (!hasPromtool) process.stderr.write('Skipped without promtool: tests/support/install-promtool.sh installs it.\n')

describe.skipIf(!hasPromtool)('promtool', () => {
  test.each([
    ['check', 'hallpass.rules.yaml'],
    ['test', 'hallpass.test.yaml'],
  ])('%s rules %s succeeds', (command, file) => {
    const { status, stdout, stderr } = promtool(command, 'rules', file)
    expect(status, stdout + stderr).toBe(0)
  })
})

test.each(alerts)('$alert says what happened and what to do, and has a section in the docs', (alert) => {
  const { summary = '', description = '', docs = '' } = alert.annotations
  expect(summary).toMatch(/^.{20,}\.$/)
  expect(description).toMatch(/^.{30,}\.?["]?$/)
  expect(['page', 'ticket']).toContain(alert.labels.severity)
  expect(docs).toBe(`docs/dashboards.md#${alert.alert.toLowerCase()}`)
  expect(anchorsOf(readText('docs/dashboards.md'))).toContain(alert.alert.toLowerCase())
  // each alert is in the tests of the rules, when it fires and when it doesn't
  expect(readText(`${folder}/hallpass.test.yaml`).split(alert.alert).length).toBeGreaterThan(2)
})

test('every operation that a rule names exists', () => {
  const named = alerts.flatMap(({ expr }) =>
    [...expr.matchAll(/operation=~?"([^"]+)"/g)].flatMap(([, names = '']) => names.split('|')),
  )
  expect(named.length).toBeGreaterThan(2)
  expect(named.filter((id) => !(id in operations))).toEqual([])
})
