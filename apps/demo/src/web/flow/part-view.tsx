interface Props {
  /** The first line: method and path, or the status. */
  readonly line?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** One direction of a call, as it went over the wire. */
export function PartView({ line, headers = {}, body }: Props) {
  const names = Object.entries(headers)
  return (
    // what can be scrolled must be reachable by keyboard
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
    <pre className="code" tabIndex={0}>
      {line !== undefined && <b>{`${line}\n`}</b>}
      {names.map(([name, value]) => (
        <span key={name} className="quiet">{`${name}: ${value}\n`}</span>
      ))}
      {names.length > 0 && body !== undefined && '\n'}
      {typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body, undefined, 2)}
    </pre>
  )
}
