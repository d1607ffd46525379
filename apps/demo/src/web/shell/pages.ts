/** All pages of the demo, in navigation order. */
export const pages = [
  { path: '/', name: 'Overview' },
  { path: '/pay', name: 'Pay by bank' },
  { path: '/chat', name: 'Chat' },
  { path: '/card', name: 'Card' },
  { path: '/voice', name: 'Voice call' },
  { path: '/own', name: 'Your own widget' },
] as const
