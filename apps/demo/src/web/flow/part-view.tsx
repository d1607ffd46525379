interface Props {
  /** The first line: method and path, or the status. */
  readonly line?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A request or response: its first line, headers and body. */
export function PartView({ line, headers = {}, body }: Props) {
  const names = Object.entries(headers)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: makes it scrollable with the keyboard
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
