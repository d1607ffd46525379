<?php
/** Introspection (RFC 7662), with the extension curl. The secret key needs the scope tokens:introspect. */
function createVerify(string $issuer, string $audience, string $secretKey): callable
{
    return function (string $token) use ($issuer, $audience, $secretKey): array {
        $request = curl_init("$issuer/oauth2/introspect");
        curl_setopt_array($request, [
            CURLOPT_POSTFIELDS => http_build_query(['token' => $token]),
            // the user name can be anything
            CURLOPT_USERPWD => "gateway:$secretKey",
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 5,
        ]);
        $body = curl_exec($request);
        if (!is_string($body) || curl_getinfo($request, CURLINFO_RESPONSE_CODE) !== 200) {
            throw new RuntimeException('Hallpass could not be asked.');
        }
        $claims = json_decode($body, true, 16, JSON_THROW_ON_ERROR);
        if ($claims['active'] !== true || $claims['aud'] !== $audience) {
            throw new RuntimeException('The token is not active for this API.');
        }
        return $claims;
    };
}
