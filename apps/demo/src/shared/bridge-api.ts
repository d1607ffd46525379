/** A bank that customers can connect. */
export interface Institution {
  readonly id: string
  readonly name: string
  readonly accounts: readonly BankAccount[]
}

export interface BankAccount {
  readonly type: AccountType
  readonly last_four: string
}

export type AccountType = 'checking' | 'savings'

/** The response to the bridge widget for a valid token. */
export interface BridgeOpened {
  readonly institutions: readonly Institution[]
  /** When the token expires (RFC 3339, UTC). */
  readonly expires_at: string
}

/** The payload that the official widget clients pass to `onSuccess`. */
export interface PaykeyResponse {
  readonly meta: { readonly api_request_id: string; readonly api_request_timestamp: string }
  readonly response_type: 'object'
  readonly data: {
    readonly id: string
    readonly paykey: string
    readonly customer_id: string
    readonly label: string
    readonly institution_name: string
    readonly source: 'straddle' | 'bank_account'
    readonly status: 'active' | 'review' | 'rejected'
    /** RFC 3339, UTC. */
    readonly created_at: string
    readonly updated_at: string
    readonly bank_data: {
      readonly routing_number: string
      /** Masked except for the last four digits. */
      readonly account_number: string
      readonly account_type: AccountType
    }
  }
}
