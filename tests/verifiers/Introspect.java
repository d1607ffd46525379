import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Introspection (RFC 7662), with the JDK's HTTP client and Gson. The secret key needs the scope tokens:introspect. */
record Introspect(String issuer, String audience, String secretKey) {
    private static final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** The claims of a token that is active for this API. Throws for any other, and if Hallpass can't be asked. */
    JsonObject verify(String token) throws IOException, InterruptedException {
        var form = "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(URI.create(issuer + "/oauth2/introspect"))
            .header("Authorization", "Bearer " + secretKey)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .timeout(Duration.ofSeconds(5))
            .POST(BodyPublishers.ofString(form))
            .build();
        var response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) throw new IOException("Hallpass could not be asked.");
        var claims = JsonParser.parseString(response.body()).getAsJsonObject();
        if (!claims.get("active").getAsBoolean() || !claims.get("aud").getAsString().equals(audience)) {
            throw new SecurityException("The token is not active for this API.");
        }
        return claims;
    }
}
