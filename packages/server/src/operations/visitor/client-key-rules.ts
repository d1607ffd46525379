import { HallpassError } from '../../errors.js'
import type { ClientKey } from '../../store/queries/client-keys.js'

/** Refuses what the client key's settings forbid: the widget is disabled, or visitors of this mode are not allowed. */
export function requireOpenFor(clientKey: ClientKey, mode: 'guest' | 'user'): void {
  requireEnabled(clientKey)
  const { auth_mode } = clientKey.config
  if (auth_mode !== 'both' && auth_mode !== mode) {
    throw new HallpassError('auth_mode_not_allowed', `This client_key does not allow ${mode} sessions`)
  }
}

export function requireEnabled(clientKey: ClientKey): void {
  if (!clientKey.config.widget_enabled) throw new HallpassError('widget_disabled', 'The widget is disabled')
}

/** Requires an `agent_id`, if sent, to be the client key's own agent. */
export function requireAgent(clientKey: ClientKey, agentId: string | undefined): void {
  if (agentId === undefined || agentId === clientKey.config.agent.id) return
  throw new HallpassError('validation_failed', 'The agent is not the one of this client_key', {
    items: [{ reference: 'agent_id', detail: 'is not the agent of this client_key' }],
  })
}
