import { HallpassClientError } from '@hallpass/client'
import type { Issue } from '@hallpass/contracts'
import { createContext, type ReactNode, useContext } from 'react'

const Context = createContext<readonly Issue[]>([])

interface Props {
  /** What went wrong when the form was sent. */
  readonly of: unknown
  readonly children: ReactNode
}

/** Lets the fields inside show what the server found wrong with them. */
export function Issues({ of: error, children }: Props) {
  const items = error instanceof HallpassClientError ? error.details.items : undefined
  return <Context value={items ?? []}>{children}</Context>
}

/** What the server found wrong with a field, or with what is inside of it. */
export function useIssue(name: string | undefined): string | undefined {
  const issues = useContext(Context).filter(
    ({ reference }) => reference !== undefined && (reference === name || reference.startsWith(`${name}.`)),
  )
  return issues.map(({ reference, detail }) => `${reference} ${detail}.`).join(' ') || undefined
}
