/** Records whether the page's own Content-Security-Policy blocks a widget. Returns a function that stops. */
export function watchPolicy(origin: string, onBlocked: () => void): () => void {
  const listen = ({ blockedURI, effectiveDirective, disposition }: SecurityPolicyViolationEvent) => {
    if (disposition !== 'report' && /^(frame|child)-src/.test(effectiveDirective) && isAt(blockedURI, origin))
      onBlocked()
  }
  document.addEventListener('securitypolicyviolation', listen)
  return () => document.removeEventListener('securitypolicyviolation', listen)
}

const isAt = (uri: string, origin: string) => uri === origin || uri.startsWith(`${origin}/`)
