import type { Operations, OutputOf } from '@hallpass/contracts'

/** A client key, as the list of client keys has it. */
export type ClientKey = OutputOf<Operations['admin.clientKeys.list']>['data'][number]

/** A secret key, as the list of secret keys has it: never the secret. */
export type SecretKey = OutputOf<Operations['admin.apiKeys.list']>['data'][number]
