import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { kindTypes } from '../packages/cli/src/kinds/kind-types.js'
import { readDeclaration } from '../packages/cli/src/kinds/read-declaration.js'

/** The types of the kinds whose declarations are in a folder. */
export function declaredKinds(path: string): string {
  const folder = fileURLToPath(new URL(`../${path}/`, import.meta.url))
  return kindTypes(readdirSync(folder).map((file) => readDeclaration(folder + file)))
}
