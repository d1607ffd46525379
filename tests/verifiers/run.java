import java.io.BufferedReader;
import java.io.InputStreamReader;

/** Verifies the tokens on stdin, one a line, and prints the claims of each, or null. */
class Run {
    public static void main(String[] settings) throws Exception {
        var introspect = new Introspect(settings[0], settings[1], settings[2]);
        var lines = new BufferedReader(new InputStreamReader(System.in));
        for (var token = lines.readLine(); token != null; token = lines.readLine()) {
            try {
                System.out.println(introspect.verify(token));
            } catch (SecurityException refused) {
                System.err.println(refused.getMessage());
                System.out.println("null");
            }
        }
    }
}
