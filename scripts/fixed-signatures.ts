/*
 * ES256 signatures are random, so these were made once. Each is of the bridge token of scripts/feed-vectors.ts, with the header
 * of its algorithm and key.
 */

export const fixedSignatures: readonly {
  readonly jwk: Readonly<Record<string, string>> & { readonly kid: string; readonly alg: string }
  readonly signature: string
}[] = [
  {
    jwk: {
      kty: 'EC',
      x: 'XyZEI0PhSX5cgO2rg-aP4qc0rHDTJr8pzJBJ7UY_-sY',
      y: 'dzxMsJk6wesRuQadV48AeP--OYhtuncCp1bL3se3d3E',
      crv: 'P-256',
      kid: 'es256',
      alg: 'ES256',
      use: 'sig',
    },
    signature: 'zvYz3d263bJjqVlnkPsGC66VZFSUkO2QtzB44CXq_83LVpqnQpEs8ds4osU2lFNR1z-D2lc8ypaqqVfKpT3wGQ',
  },
  {
    jwk: {
      kty: 'RSA',
      n: 'oC-lTlC6LfMoOCtfb5XogKTMpHAJpOtVR_ebjqbCL0NsjHbzEBKDZwcy2greQsxqPf_PaGRzA0xVbAZqTXsFoGbiCif6mSJfaLaMlrOtxBpKvZ19cHJGKKDyvLVyK1D2UT6DSwlnc-u2pphFIt1HUNsn1028fvWR41GBcEmCErHZdZP1cB5HDrSeykxvEG0beAf-iqk5677YCd1tzPOqllVgXDkp73bjJrplvVIOdZMDAKb-0FcL_HmBUXMd6fEju8NrJ3VYtTbl2UBUbKET1wXeYUcDtABTDRwLE27OtL2XhF0Kxevt2_6B4-cgQtLSm1hqy2S0f8dKBIHSYrV8mw',
      e: 'AQAB',
      kid: 'rs256',
      alg: 'RS256',
      use: 'sig',
    },
    signature:
      'cyN-Nqa8VK5LYD4S7trt4jSE1eWKX96TqlJHBVEzBjmaVfom5njS-V0T3IjiYYjKKOjiqtwvPz8ViH5gBV6EQTsefEEh2xqOQJGQcWVruq-Q_FL42rpdouZmvYNYiB6xiwjtf4S7YHJ4km7Dpzo_McQAxaRLpxDGYHb_cgDnzX53C7l5fUBImul9x0_GpUb7zwkP96g3fUv8qpHN6mHS-6nEBQFNHDSbNcX_h9xkNQc1-4fzZx2Nuzvx4Cfd6HRwXEmc82tPfu_lhes64VOyaomoPhpNmC_KcyOt_fz7_Cf7ja7oqp7fViOisLT_ApzEgg4b9NIKB2p9guk_zLHPmQ',
  },
]
