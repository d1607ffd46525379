import type { WidgetSession as SessionAnswer } from '@hallpass/contracts'
import { widgetAuthPath } from '@hallpass/contracts/core/widget-auth-path'
import { callService } from './call-service.js'
import type { SessionController } from './session-controller.js'

/** Ends a session on the service, without waiting: the page may be about to unload, or be offline. */
export function logOut(
  { options, platform }: Pick<SessionController, 'options' | 'platform'>,
  answer: SessionAnswer,
): void {
  const { refresh_token } = answer
  const call = { path: `${widgetAuthPath}logout`, body: { refresh_token }, keepalive: true }
  callService({ baseUrl: options.baseUrl, platform }, call).catch(() => {})
}
