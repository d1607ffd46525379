/** Path prefix of the operations that issue tokens to pages. It has its own file so that page bundles include nothing else. */
export const widgetAuthPath = '/api/v1/widget/auth/'

export const tokenExchangePath = '/oauth2/token'
