import { useEffect, useState } from 'react'
import { useSettings } from '../shell/settings.js'
import { type SignatureCheck, verifySignature } from './verify-signature.js'

/** Verifies a token's signature in this browser and shows the result. */
export function SignatureLine({ raw }: { readonly raw: string }) {
  const { hallpassUrl } = useSettings()
  const [check, setCheck] = useState<SignatureCheck>()
  useEffect(() => {
    let isStale = false
    verifySignature(raw, hallpassUrl).then((result) => {
      if (!isStale) setCheck(result)
    })
    return () => {
      isStale = true
    }
  }, [raw, hallpassUrl])
  if (!check) return <p className="signature">Verifying signature…</p>
  return (
    <p className="signature" data-kind={check.valid ? 'good' : 'bad'}>
      {check.valid ? (
        <>
          Signature verified in this browser: {check.alg}, published key <code>{check.kid.slice(0, 8)}…</code>
        </>
      ) : (
        <>Signature not verified: {check.why}</>
      )}
    </p>
  )
}
