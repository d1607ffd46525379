import { bundle, homeOf } from '../../../scripts/bundle.mjs'

const replaced = {
  name: 'replaced',
  setup({ onResolve, onLoad, resolve }) {
    // our sources take Kysely as CommonJS because it has many files; as one file, modules are smaller
    onResolve({ filter: /\/kysely\.js$/ }, ({ importer, ...rest }) =>
      importer.includes('/packages/server/src/')
        ? resolve('kysely', { resolveDir: rest.resolveDir, kind: rest.kind })
        : undefined,
    )
    // zod exports its messages in fifty languages as one object; it uses English through another import
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer }) =>
      importer.includes('/zod/') ? { path: 'zod-locales', namespace: 'empty' } : undefined,
    )
    // spans don't name the machine
    onResolve({ filter: /machine-id\/getMachineId$/ }, () => ({ path: 'machine-id', namespace: 'empty' }))
    onLoad({ filter: /^machine-id$/, namespace: 'empty' }, () => ({
      contents: 'export const getMachineId = async () => undefined',
    }))
    onLoad({ filter: /^zod-locales$/, namespace: 'empty' }, () => ({ contents: 'export {}' }))
  },
}

await bundle({
  home: homeOf(import.meta.url),
  entryPoints: ['src/serve.ts', 'src/index.ts'],
  // a native addon that only Node 20 needs, and an optional one that is not used
  external: ['better-sqlite3', 'pg-native'],
  // fastify requires these for schemas of routes and for injected requests, which the server doesn't have
  lazy: ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request'],
  // the exporter of spans shares the API of OpenTelemetry with the server, which finds it through a global symbol
  apart: ['src/tracing/export-traces.ts'],
  plugins: [replaced],
})
