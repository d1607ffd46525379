import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import type { ClientKey } from '../store/queries/client-keys.js'

/** Refuses what the client key's settings forbid: the widget is disabled, or visitors of this mode are not allowed. */
export function requireOpenFor(clientKey: ClientKey, mode: 'guest' | 'user'): void {
  requireEnabled(clientKey)
  const { auth_mode } = clientKey.config
  if (auth_mode !== 'both' && auth_mode !== mode) {
    throw new HallpassError('auth_mode_not_allowed', messages.authModeNotAllowed(mode))
  }
}

export function requireEnabled(clientKey: ClientKey): void {
  if (!clientKey.config.widget_enabled) throw new HallpassError('widget_disabled', messages.widgetDisabled)
}

/** Requires an `agent_id`, if sent, to be the client key's own agent. */
export function requireAgent(clientKey: ClientKey, agentId: string | undefined): void {
  if (agentId === undefined || agentId === clientKey.config.agent.id) return
  throw new HallpassError('validation_failed', messages.otherAgent, {
    items: [{ reference: 'agent_id', detail: 'is not the agent of this client_key' }],
  })
}
