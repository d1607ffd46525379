/** Whether the page's own Content-Security-Policy blocks a widget. */
export const isBlocked = (
  { blockedURI, effectiveDirective, disposition }: SecurityPolicyViolationEvent,
  origin: string,
): boolean =>
  disposition !== 'report' &&
  /^(frame|child)-src/.test(effectiveDirective) &&
  (blockedURI === origin || blockedURI.startsWith(`${origin}/`))
