import type { ClientKeySettings } from '@hallpass/contracts'

/** A client key with a value for every field. */
export const clientKeySettings = {
  name: 'site',
  origin_allowlist: ['https://shop.example', '*.shop.example', 'localhost:*'],
  auth_mode: 'both',
  widget_enabled: true,
  disabled: false,
  agent: { id: 'agent_1', display_name: 'Ada' },
  branding: { primary_color: '#2563eb', accent_color: '#111827', launcher_position: 'br' },
  copy: { greeting: 'Hi!', launcher_label: 'Chat' },
  locale: 'en',
} satisfies ClientKeySettings & { readonly disabled: boolean }
