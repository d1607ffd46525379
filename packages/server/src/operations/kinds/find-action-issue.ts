import type { Issue, KindDeclaration } from '@hallpass/contracts'

/** The first of these actions that the kind doesn't permit. */
export function findActionIssue(
  declaration: Pick<KindDeclaration, 'actions'>,
  actions: readonly string[] = [],
): Issue | undefined {
  const other = actions.findIndex((action) => !declaration.actions.includes(action))
  if (other >= 0) return { reference: `actions.${other}`, detail: 'is not an action of the kind' }
  return new Set(actions).size < actions.length
    ? { reference: 'actions', detail: 'must not repeat an action' }
    : undefined
}
