import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import { widgetAuthPath } from '@hallpass/contracts/core/widget-auth-path'
import { callService, type Service } from './call-service.js'

/** Ends a session on the service, without waiting: the page may be about to unload, or be offline. */
export function logOut(service: Service, { refresh_token }: SessionAnswer): void {
  const call = { path: `${widgetAuthPath}logout`, body: { refresh_token }, keepalive: true }
  callService(service, call).catch(() => {})
}
