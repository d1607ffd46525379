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
	"strings"
	"time"
)

// Error is a call that Hallpass refused.
type Error struct {
	Status int
	Body   string
}

func (err *Error) Error() string { return fmt.Sprintf("Hallpass answered with status %d", err.Status) }

// Client makes calls with a secret key.
type Client struct {
	// URL is that of Hallpass, without a slash at the end.
	URL    string
	APIKey string
}

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

func (client *Client) call(ctx context.Context, path, contentType string, body []byte, answer interface{}, headers ...string) error {
	sent := map[string]string{"Authorization": "Bearer " + client.APIKey}
	if contentType != "" {
		sent["Content-Type"] = contentType
	}
	if len(headers) == 2 && headers[1] != "" {
		sent[headers[0]] = headers[1]
	}
	content, err := send(ctx, http.MethodPost, client.URL+path, sent, body, 1_000_000)
	if err != nil || answer == nil {
		return err
	}
	return json.Unmarshal(content, answer)
}

func merge(body map[string]interface{}, more map[string]interface{}) []byte {
	for name, value := range more {
		body[name] = value
	}
	// text, numbers and their like can always be encoded
	encoded, _ := json.Marshal(body)
	return encoded
}

// MintBridgeToken mints a bridge token. more can have config and external_id. Repeat a call that got no answer with the same
// idempotencyKey (or none if ""): you get the same token.
func (client *Client) MintBridgeToken(ctx context.Context, customerID, idempotencyKey string, more map[string]interface{}) (string, error) {
	var answer struct {
		Data struct {
			Token string `json:"bridge_token"`
		}
	}
	body := merge(map[string]interface{}{"customer_id": customerID}, more)
	err := client.call(ctx, "/v1/bridge/initialize", "application/json", body, &answer, "Idempotency-Key", idempotencyKey)
	return answer.Data.Token, err
}

// MintVisitorToken mints a one-time token of a signed-in user, which the page exchanges for a session.
func (client *Client) MintVisitorToken(ctx context.Context, clientKey, userID string, more map[string]interface{}) (string, error) {
	var answer struct{ Token string }
	body := merge(map[string]interface{}{"client_key": clientKey, "user_id": userID}, more)
	err := client.call(ctx, "/api/v1/widget/auth/user-token", "application/json", body, &answer)
	return answer.Token, err
}

// MintCardToken mints a one-time token of a card's widget: ACTIVATE, GET_PIN, REVEAL or SET_PIN.
func (client *Client) MintCardToken(ctx context.Context, cardID, widgetType string) (string, error) {
	var answer struct {
		Token string `json:"widget_token"`
	}
	path := "/v1/cards/" + url.PathEscape(cardID) + "/widget_token?widget_type=" + url.QueryEscape(widgetType)
	err := client.call(ctx, path, "", nil, &answer)
	return answer.Token, err
}

// Introspect returns the claims of an active token of any kind (RFC 7662), or nil.
func (client *Client) Introspect(ctx context.Context, token string) (map[string]interface{}, error) {
	var answer map[string]interface{}
	err := client.call(ctx, "/oauth2/introspect", "application/x-www-form-urlencoded", form(token), &answer)
	if err != nil || answer["active"] != true {
		return nil, err
	}
	return answer, nil
}

// Revoke revokes a token of any kind (RFC 7009). It succeeds for an unknown token too.
func (client *Client) Revoke(ctx context.Context, token string) error {
	return client.call(ctx, "/oauth2/revoke", "application/x-www-form-urlencoded", form(token), nil)
}

func form(token string) []byte { return []byte("token=" + url.QueryEscape(token)) }

// trimmed is the URL of the issuer without a slash at its end.
func trimmed(issuer string) string { return strings.TrimSuffix(issuer, "/") }
