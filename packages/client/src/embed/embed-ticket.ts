import { isPlainObject } from '@hallpass/contracts/core/is-plain-object'
import { widgetAuthPath } from '@hallpass/contracts/core/widget-auth-path'
import { callService } from '../browser/call-service.js'
import { WidgetSessionError } from '../browser/errors.js'
import { browserPlatform } from '../browser/platform.js'
import type { MountOptions } from './mount-options.js'

/** Requests a ticket for this page's origin, which the browser sends with the call. */
export async function getEmbedTicket(options: MountOptions): Promise<string> {
  const call = { path: `${widgetAuthPath}embed-ticket`, body: { client_key: options.clientKey } }
  const answer = await callService({ options, platform: browserPlatform(options.fetch) }, call)
  if (isPlainObject(answer) && typeof answer.ticket === 'string') return answer.ticket
  throw new WidgetSessionError('network', 'The response is not from Hallpass.')
}
