import type { Refusal } from '../../shared/backend-api.js'

/** What went wrong with the last try, said where it was made. */
export function Problem({ refusal }: { readonly refusal: Refusal | undefined }) {
  return (
    <p role="alert" className="problem">
      {refusal?.message}
    </p>
  )
}
