import type { HallpassClient } from '@hallpass/client'
import { createContext, useContext } from 'react'

const Client = createContext<HallpassClient | undefined>(undefined)

/** Makes the operator's client known to everything below. */
export const ConsoleProvider = Client.Provider

/** The typed client, with the operator's key. */
export function useHallpass(): HallpassClient {
  const client = useContext(Client)
  if (!client) throw new Error('this part of the console stands outside the client')
  return client
}
