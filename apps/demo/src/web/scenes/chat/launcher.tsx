import { readableOn } from '../../../shared/readable-on.js'
import { useWidgetConfig } from './use-widget-config.js'

/** The button that opens the chat, with the label, color and position of the client key. */
export function Launcher({ isOpen, onToggle }: { readonly isOpen: boolean; readonly onToggle: () => void }) {
  const config = useWidgetConfig()
  if (!config?.widget_enabled) return null
  const { branding, copy } = config
  return (
    <button
      type="button"
      className="launcher"
      data-corner={branding.launcher_position}
      aria-expanded={isOpen}
      style={{ '--brand': branding.primary_color, '--on-brand': readableOn(branding.primary_color) }}
      onClick={onToggle}
    >
      {isOpen ? 'Close' : copy.launcher_label || 'Chat'}
    </button>
  )
}
