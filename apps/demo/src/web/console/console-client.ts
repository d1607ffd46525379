import type { HallpassClient } from '@hallpass/client'
import { createContext, useContext } from 'react'

const Client = createContext<HallpassClient | undefined>(undefined)

/** Provides the operator's client to the console. */
export const ConsoleProvider = Client.Provider

/** The typed client that sends the operator's key. */
export function useHallpass(): HallpassClient {
  const client = useContext(Client)
  if (!client) throw new Error('useHallpass must be called inside a ConsoleProvider.')
  return client
}
