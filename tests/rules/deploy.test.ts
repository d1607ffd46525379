import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { flagVariables } from '@hallpass/server'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap'
import { Service } from 'kubernetes-models/v1/Service'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { filesUnder, readText, root } from './support/repository.js'

test('the files of a deployment set only variables that the command reads', () => {
  const secrets = [
    'HALLPASS_MASTER_KEY',
    'HALLPASS_DATABASE_URL',
    'HALLPASS_DATABASE_DIRECT_URL',
    'HALLPASS_METRICS_TOKEN',
  ]
  const ofCommands = ['HALLPASS_API_KEY', 'HALLPASS_BASE_URL']
  const known = new Set([
    ...Object.values(flagVariables),
    ...ofCommands,
    ...secrets,
    ...secrets.map((name) => `${name}_FILE`),
  ])
  const texts = [
    ...filesUnder('deploy').map(readText),
    ...['containers', 'systemd', 'kubernetes'].map((page) => readText(`docs/${page}.md`)),
  ]
  const named = new Set(texts.flatMap((text) => text.match(/\bHALLPASS_[A-Z_]+\b/g) ?? []))
  expect(named.size).toBeGreaterThan(8)
  expect([...named].filter((name) => !known.has(name))).toEqual([])
})

test('compose.yaml is valid by the schema of the Compose Specification and the rules of dclint', () => {
  // the order of keys is ours to choose, and the proxy is meant to be reached from outside
  const ours = [
    'service-keys-order',
    'top-level-properties-order',
    'service-ports-alphabetical-order',
    'no-unbound-port-interfaces',
    'require-quotes-in-ports',
    'no-quotes-in-volumes',
  ]
  const dclint = join(root, 'node_modules/dclint/bin/dclint.cjs')
  const rules = ours.flatMap((rule) => ['--disable-rule', rule])
  const args = [dclint, 'deploy/compose/compose.yaml', '--max-warnings', '0', ...rules]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  expect({ status, stdout: stdout.trim(), stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
})

describe('deploy/kubernetes/hallpass.yaml', () => {
  const models = { ConfigMap, Deployment, Ingress, NetworkPolicy, PodDisruptionBudget, Service }
  type Kind = keyof typeof models
  interface Manifest {
    readonly apiVersion: string
    readonly kind: Kind
  }
  // Kubernetes reads YAML 1.1, where 0440 is octal
  const documents = parseAllDocuments(readText('deploy/kubernetes/hallpass.yaml'), { version: '1.1' })
  const manifests: Manifest[] = documents.map((document) => document.toJS())

  test('has each kind once', () => {
    expect(manifests.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(models).toSorted())
  })

  test.each(manifests)('$kind is valid by the JSON schema of Kubernetes', (manifest) => {
    // the schema decides, not the types
    const model = new models[manifest.kind](manifest as never)
    expect(model.apiVersion).toBe(manifest.apiVersion)
    expect(() => model.validate()).not.toThrow()
  })

  // the schemas allow unknown fields, the types don't
  test('has no field that Kubernetes does not know', async () => {
    const lines = manifests.flatMap((manifest, index) => [
      `import type { I${manifest.kind} } from 'kubernetes-models/${manifest.apiVersion}/${manifest.kind}'`,
      `export const _${index}: I${manifest.kind} = ${JSON.stringify(manifest)}`,
    ])
    const wrong = "export const wrong: IService = { apiVersion: 'v1', kind: 'Service', spec: { selectors: {} } }"
    // there, the compiler finds the package
    const folder = await mkdtemp(join(root, 'node_modules/.manifests-'))
    try {
      await writeFile(join(folder, 'manifests.ts'), [...lines, wrong].join('\n'))
      const compiler = join(root, 'node_modules/typescript/bin/tsc')
      const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--ignoreConfig']
      const args = [compiler, ...options, 'manifests.ts']
      const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
      const errors = stdout.split('\n').filter((line) => line.includes('error TS'))
      expect(errors).toEqual([expect.stringContaining("'selectors'")])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

describe.skipIf(!hasSystemd)('deploy/systemd/hallpass.service', () => {
  const unit = join(root, 'deploy/systemd/hallpass.service')

  test('has an exposure of at most 2.5 according to systemd-analyze security', () => {
    const args = ['security', '--offline=true', '--no-pager', '--json=short', '--threshold=25', unit]
    expect(() => execFileSync('systemd-analyze', args, { stdio: 'pipe' })).not.toThrow()
  })
})
