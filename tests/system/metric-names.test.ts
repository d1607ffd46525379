import { beforeAll, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { readText } from '../rules/support/repository.js'
import { bodyOf, mintCardToken, mintGuest, paths, refresh } from './support/fixtures/mint.js'
import { metricsIn, type NamedSeries, seriesIn } from './support/fixtures/named-metrics.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ config: { localIssuers: true } })
let metrics: ReturnType<typeof metricsIn>
let text: string
beforeAll(async () => {
  const card = await mintCardToken(server)
  for (let times = 2; times > 0; times--) {
    await server.postAsAcme(paths.redeem, { widget_token: card, widget_type: 'REVEAL' })
  }
  await refresh(server, (await mintGuest(server)).refresh_token)
  // an endpoint that nothing listens on, for an attempt that fails
  const webhook = { url: 'http://127.0.0.1:9', event_types: ['*'] }
  const { id } = await bodyOf<{ id: string }>(await server.postAsAcme('/v1/admin/webhooks', webhook))
  await server.postAsAcme(`/v1/admin/webhooks/${id}/test`, {})
  await vi.waitFor(
    async () => {
      text = await (await server.get('/metrics')).text()
      expect(text).toContain('hallpass_webhook_attempts_total{')
    },
    { timeout: 15_000 },
  )
  metrics = metricsIn(text)
})

const isPostgres = () => text.includes('database="postgresql"')

/** What isn't on the server: a metric, or one of its labels. */
function missing(named: readonly NamedSeries[]): string[] {
  return named.flatMap(({ metric, labels }) => {
    const known = metrics.get(metric)
    if (!known) return [metric]
    // SQLite has no pool, so that these metrics have no values
    if (metric.startsWith('hallpass_database_connections') && !isPostgres()) return []
    return labels.filter((label) => !known.has(label)).map((label) => `${metric}{${label}}`)
  })
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[]
}
interface Dashboard {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[]
}

describe('every series and label exists that is named', () => {
  test('in the alert rules', () => {
    const { groups } = parse(readText('examples/prometheus/hallpass.rules.yaml')) as Rules
    const named = groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => seriesIn(expr)))
    expect(named.length).toBeGreaterThan(9)
    expect(missing(named)).toEqual([])
  })

  test('in the tests of the alert rules', () => {
    const series = readText('examples/prometheus/hallpass.test.yaml').matchAll(/series: (.*)/g)
    const named = [...series].flatMap(([, one = '']) => seriesIn(one))
    expect(named.length).toBeGreaterThan(9)
    expect(missing(named)).toEqual([])
  })

  test('in the dashboard', () => {
    const { panels } = JSON.parse(readText('examples/grafana/hallpass.json')) as Dashboard
    const named = panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => seriesIn(expr)))
    expect(named.length).toBeGreaterThan(20)
    expect(missing(named)).toEqual([])
  })

  test('on the pages', () => {
    const pages = ['dashboards', 'configuration', 'operations', 'revocation-feed'].map((name) => `docs/${name}.md`)
    const quoted = pages.flatMap((page) => [
      ...readText(page).matchAll(/`([^`\n]*(?:hallpass|nodejs|process)_[^`\n…]*)`/g),
    ])
    // a histogram is one metric for its reader, and three for Prometheus
    const named = quoted
      .flatMap(([, query = '']) => seriesIn(query))
      .map((one) => (one.metric === 'hallpass_call_seconds' ? { ...one, metric: 'hallpass_call_seconds_count' } : one))
    expect(named.length).toBeGreaterThan(20)
    expect(missing(named)).toEqual([])
  })
})

test('docs/configuration.md lists every metric of Hallpass with its labels', () => {
  const rows = [...readText('docs/configuration.md').matchAll(/^\| `(hallpass_\w+)` +\| (.*?) +\|/gm)]
  const listed = new Map(rows.map(([, name = '', labels = '']) => [name, labels.match(/\w+/g) ?? []]))
  const own = [...metrics].filter(([name]) => name.startsWith('hallpass_') && !/_(bucket|sum)$/.test(name))
  expect(own.map(([name]) => name.replace(/^(hallpass_call_seconds)_count$/, '$1')).toSorted()).toEqual(
    [...listed.keys()].toSorted(),
  )
  for (const [name, labels] of own) {
    const documented = listed.get(name.replace(/_count$/, '')) ?? []
    for (const label of labels) expect(documented, name).toContain(label)
  }
})

test('shows the database, the caches and the keys of the server', () => {
  const value = (series: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1],
    )
  expect(text).toMatch(
    /^hallpass_build_info\{version="\d+\.\d+\.\d+",node="v\d+[^"]*",database="(sqlite|postgresql)"\} 1$/m,
  )
  expect(value('hallpass_cache_requests_total{cache="api_keys",result="hit"}')).toBeGreaterThan(0)
  expect(value('hallpass_cache_requests_total{cache="client_keys",result="miss"}')).toBeGreaterThan(0)
  expect(value('hallpass_cache_entries{cache="api_keys"}')).toBe(1)
  const activated = /^hallpass_signing_key_activated_timestamp_seconds\{alg="\w+"\} (\S+)$/m.exec(text)?.[1]
  for (const seconds of [Number(activated), value('hallpass_data_key_created_timestamp_seconds')]) {
    expect(Math.abs(seconds - Date.now() / 1_000)).toBeLessThan(3_600)
  }
  if (!isPostgres()) return
  expect(value('hallpass_database_connections_max')).toBe(10)
  const states = ['idle', 'in_use'].map((state) => value(`hallpass_database_connections{state="${state}"}`))
  expect(Math.max(...states)).toBeGreaterThan(0)
  expect(value('hallpass_database_connections_waiting')).toBe(0)
})
