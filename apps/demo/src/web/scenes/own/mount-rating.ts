import { type MountedWidget, mountWidget } from '@hallpass/client/embed'
import type { DemoSettings } from '../../../shared/backend-api.js'
import { recordingFetch } from '../../calls/recording-fetch.js'
import { ownFlow } from '../flows.js'

export function mountRating(
  container: Element,
  { hallpassUrl, clientKey, widgetsUrl }: DemoSettings,
  onRated: (stars: number) => void,
): MountedWidget {
  return mountWidget({
    baseUrl: hallpassUrl,
    clientKey,
    widgetUrl: `${widgetsUrl}/own?parent=${encodeURIComponent(location.origin)}`,
    container,
    title: 'Was it good?',
    fetch: recordingFetch(ownFlow),
    onMessage: (data) => onRated((data as { readonly stars: number }).stars),
  })
}
