import { HallpassClientError } from '@hallpass/client'
import { useState } from 'react'
import { Confirm } from '../parts/confirm.js'
import { useAction } from '../parts/use-action.js'
import { useHallpass } from '../session/session.js'
import type { SecretKey } from '../types.js'

export interface DisableOptions {
  readonly revoke_minted?: boolean
  readonly force?: boolean
  readonly include_successors?: boolean
}

/** Disables a secret key. Asks first if that would lock everyone out, and afterwards if its replacement is still active. */
export function useDisableSecretKey(onChange: () => Promise<unknown>) {
  const hallpass = useHallpass()
  const { isBusy, problem, run } = useAction()
  const [last, setLast] = useState<{ key: SecretKey; options: DisableOptions }>()
  const [replaced, setReplaced] = useState<{ key: SecretKey; options: DisableOptions }>()
  const disable = (key: SecretKey, options: DisableOptions = {}) =>
    run(async () => {
      try {
        const { active_successor_id } = await hallpass.admin.apiKeys.disable({ api_key_id: key.id, ...options })
        if (active_successor_id !== null) setReplaced({ key, options })
        await onChange()
      } catch (error) {
        if (options.force || !isStateConflict(error)) throw error
        setLast({ key, options })
      }
    })
  const question = (
    <>
      {last && (
        <Confirm
          title={`“${nameOf(last.key)}” is the last key that can administer this account. Disable it?`}
          action="Disable last key"
          onConfirm={() => disable(last.key, { ...last.options, force: true })}
          onClose={() => setLast(undefined)}
        >
          Without it, or once the other keys expire, no key can administer this account. To regain access, you must run{' '}
          <code>hallpass api-keys recover</code> on the server’s host.
        </Confirm>
      )}
      {replaced && (
        <Confirm
          title={`“${nameOf(replaced.key)}” is disabled. Disable its replacement too?`}
          action="Disable replacement"
          onConfirm={() => disable(replaced.key, { ...replaced.options, include_successors: true })}
          onClose={() => setReplaced(undefined)}
        >
          The replacement is active and in use. Disable it if someone else may have rotated the key.
        </Confirm>
      )}
    </>
  )
  return { disable, question, isBusy, problem }
}

const nameOf = ({ name }: SecretKey) => name || 'unnamed'

/** For this operation, a state conflict always means that it is the last key of its kind. */
const isStateConflict = (error: unknown) => error instanceof HallpassClientError && error.reason === 'state_conflict'
