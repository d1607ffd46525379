// Package hallpass mints tokens, verifies them offline, and introspects and revokes them.
package hallpass

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Error is a call that Hallpass refused.
type Error struct {
	Status int
	Body   string
}

func (err *Error) Error() string { return fmt.Sprintf("Hallpass answered with status %d", err.Status) }

// Client makes calls with a secret key. URL has no slash at its end.
type Client struct{ URL, APIKey string }

// a redirect would send the secret key elsewhere
var httpClient = &http.Client{
	Timeout:       5 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func send(ctx context.Context, method, address string, headers map[string]string, body []byte, longest int64) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := httpClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(http.MaxBytesReader(nil, response.Body, longest))
	if err == nil && response.StatusCode != http.StatusOK {
		err = &Error{response.StatusCode, string(content)}
	}
	return content, err
}

func (client *Client) post(ctx context.Context, path, contentType, idempotencyKey string, body []byte) (answer map[string]any, err error) {
	headers := map[string]string{"Authorization": "Bearer " + client.APIKey, "Content-Type": contentType}
	if idempotencyKey != "" {
		headers["Idempotency-Key"] = idempotencyKey
	}
	content, err := send(ctx, http.MethodPost, client.URL+path, headers, body, 1_000_000)
	if err == nil {
		err = json.Unmarshal(content, &answer)
	}
	return answer, err
}

func (client *Client) postJSON(ctx context.Context, path, idempotencyKey string, body, more map[string]any) (map[string]any, error) {
	for name, value := range more {
		body[name] = value
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return client.post(ctx, path, "application/json", idempotencyKey, encoded)
}

func (client *Client) postToken(ctx context.Context, path, token string) (map[string]any, error) {
	return client.post(ctx, path, "application/x-www-form-urlencoded", "", []byte(url.Values{"token": {token}}.Encode()))
}

// MintBridgeToken mints a bridge token. more can have config and external_id. Repeat a call that got no answer with the same
// idempotencyKey (or none if ""): you get the same token.
func (client *Client) MintBridgeToken(ctx context.Context, customerID, idempotencyKey string, more map[string]any) (string, error) {
	answer, err := client.postJSON(ctx, "/v1/bridge/initialize", idempotencyKey, map[string]any{"customer_id": customerID}, more)
	data, _ := answer["data"].(map[string]any)
	token, _ := data["bridge_token"].(string)
	return token, err
}

// MintVisitorToken mints a one-time token of a signed-in user, which the page exchanges for a session.
func (client *Client) MintVisitorToken(ctx context.Context, clientKey, userID string, more map[string]any) (string, error) {
	body := map[string]any{"client_key": clientKey, "user_id": userID}
	answer, err := client.postJSON(ctx, "/api/v1/widget/auth/user-token", "", body, more)
	token, _ := answer["token"].(string)
	return token, err
}

// MintCardToken mints a one-time token of a card's widget: ACTIVATE, GET_PIN, REVEAL or SET_PIN.
func (client *Client) MintCardToken(ctx context.Context, cardID, widgetType string) (string, error) {
	path := "/v1/cards/" + url.PathEscape(cardID) + "/widget_token?widget_type=" + url.QueryEscape(widgetType)
	answer, err := client.postJSON(ctx, path, "", map[string]any{}, nil)
	token, _ := answer["widget_token"].(string)
	return token, err
}

// MintToken mints a token of a kind that you declared. more can have resource, actions, claims and ttl_seconds.
func (client *Client) MintToken(ctx context.Context, kind, subject, idempotencyKey string, more map[string]any) (string, error) {
	body := map[string]any{"kind": kind, "subject": subject}
	answer, err := client.postJSON(ctx, "/v1/tokens", idempotencyKey, body, more)
	token, _ := answer["token"].(string)
	return token, err
}

// Redeem uses a token of a declared kind once.
func (client *Client) Redeem(ctx context.Context, token, kind, idempotencyKey string, required Required) (map[string]any, error) {
	body := map[string]any{"token": token, "kind": kind}
	if required.Action != "" {
		body["action"] = required.Action
	}
	if required.Resource != "" {
		body["resource"] = required.Resource
	}
	return client.postJSON(ctx, "/v1/tokens/redeem", idempotencyKey, body, nil)
}

// Introspect returns the claims of an active token of any kind (RFC 7662), or nil.
func (client *Client) Introspect(ctx context.Context, token string) (map[string]any, error) {
	answer, err := client.postToken(ctx, "/oauth2/introspect", token)
	if err != nil || answer["active"] != true {
		return nil, err
	}
	return answer, nil
}

// Revoke revokes a token of any kind (RFC 7009). It succeeds for an unknown token too.
func (client *Client) Revoke(ctx context.Context, token string) error {
	_, err := client.postToken(ctx, "/oauth2/revoke", token)
	return err
}
