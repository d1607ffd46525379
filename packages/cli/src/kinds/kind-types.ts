import type { KindDeclaration } from '@hallpass/contracts'
import { inComment, typeOfSchema } from './type-of-schema.js'

/**
 * The TypeScript declarations of kinds, ordered by name. The text depends on the declarations only. It adds to an interface
 * of the client, so it has to be part of the project, but nothing needs to import it.
 */
export function kindTypes(declarations: readonly KindDeclaration[]): string {
  const byName = declarations.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  return [
    '// Made by `hallpass kinds types`. Change the declarations, not this file.',
    "import type {} from '@hallpass/client'",
    '',
    "declare module '@hallpass/client' {",
    '  interface DeclaredKinds {',
    ...byName.flatMap(linesOf),
    '  }',
    '}',
    '',
  ].join('\n')
}

function linesOf({ name, title, form, actions, resource, claims }: KindDeclaration): string[] {
  const indent = '    '
  return [
    ...(title === '' ? [] : [`${indent}/** ${inComment(title)} */`]),
    `${indent}'${name}': {`,
    `${indent}  form: '${form}'`,
    `${indent}  actions: ${actions.length === 0 ? 'never' : actions.map((action) => `'${action}'`).join(' | ')}`,
    `${indent}  resource: '${resource}'`,
    `${indent}  claims: ${claims === null ? 'null' : typeOfSchema(claims, `${indent}  `)}`,
    `${indent}}`,
  ]
}
