import { HallpassClientError } from '@hallpass/client'

/** Why something did not work, in the service's own words. Says nothing where nothing went wrong. */
export function Problem({ error }: { readonly error: unknown }) {
  if (error === undefined) return null
  return (
    <p className="problem" role="alert">
      {error instanceof HallpassClientError ? (
        <>
          <code>{error.reason}</code> {error.message}
          {error.details.items?.map(({ reference, detail }) => (
            <span key={`${reference} ${detail}`} className="problem-item">
              {reference === undefined ? detail : `${reference} ${detail}`}
            </span>
          ))}
        </>
      ) : (
        'The console failed. Reload the page, and report it if it happens again.'
      )}
    </p>
  )
}
