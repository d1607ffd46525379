import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { openApiDocument } from '@hallpass/contracts'
import { makeManifest } from '../packages/cli/src/manifest/make-manifest.js'
import { kindsPage } from './built-in-kinds.js'
import { cliPage } from './cli-page.js'
import { inputFields, outputFields } from './client-fields.js'
import { clientMethods } from './client-methods.js'
import { declaredKinds } from './declared-kinds.js'
import { errorsPage } from './errors-page.js'
import { feedVectors } from './feed-vectors.js'
import { tokenCases } from './token-cases.js'
import { webhookEventsPage } from './webhook-events-page.js'

/** Generated files by their path from the root, and how to make each. A test compares them with the code. */
export const generatedFiles: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/openapi.json': () => `${JSON.stringify(openApiDocument(), null, 2)}\n`,
  'docs/errors.md': errorsPage,
  'docs/kinds.md': kindsPage,
  'docs/webhook-events.md': webhookEventsPage,
  // this page is made from the manifest, so it comes after it
  'packages/cli/manifest.json': makeManifest,
  'docs/cli.md': cliPage,
  'docs/vectors/revocation-feed.json': feedVectors,
  'docs/vectors/token-cases.json': tokenCases,
  'packages/client/src/input-fields.ts': inputFields,
  'packages/client/src/output-fields.ts': outputFields,
  'packages/client/src/methods.ts': clientMethods,
  'tests/types/declared-kinds.d.ts': () => declaredKinds('examples/kinds'),
  'apps/demo/src/backend/shop/declared-kinds.d.ts': () => declaredKinds('apps/demo/kinds'),
}

/** Writes every generated file. */
export async function generate(): Promise<void> {
  const root = fileURLToPath(new URL('..', import.meta.url))
  for (const [path, make] of Object.entries(generatedFiles)) writeFileSync(join(root, path), await make())
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await generate()
