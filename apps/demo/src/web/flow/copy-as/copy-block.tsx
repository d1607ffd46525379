import { useState } from 'react'

/** A text with a button that copies it. */
export function CopyBlock({ name, text }: { readonly name: string; readonly text: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true))
  return (
    <figure className="copy">
      <figcaption>
        <span>{name}</span>
        <button type="button" className="button" data-look="quiet" data-size="small" onClick={copy}>
          {isCopied ? 'Copied' : 'Copy'}
          <span className="visually-hidden"> as {name}</span>
        </button>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: makes it scrollable with the keyboard */}
      <pre className="code" tabIndex={0}>
        {text}
      </pre>
    </figure>
  )
}
