import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sends one SMS and waits for its outcome: Send TO TEXT [ID]. AMQP_URL names the broker. */
public class Send {
    private static final class Unroutable extends Exception {}

    /** Publishes a command and returns the message that is its outcome; null when none came within a minute. */
    private static Delivery publish(String id, String body) throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(System.getenv().getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672"));
        // A connection that is lost is a reason to publish again, with the same id.
        factory.setAutomaticRecoveryEnabled(false);
        try (Connection connection = factory.newConnection(); Channel channel = connection.createChannel()) {
            BlockingQueue<Delivery> replies = new LinkedBlockingQueue<>();
            // Before the publish, since a reply that finds no consumer is lost.
            channel.basicConsume("amq.rabbitmq.reply-to", true, (tag, reply) -> replies.add(reply), tag -> {});
            channel.confirmSelect();
            var isReturned = new AtomicBoolean();
            channel.addReturnListener((code, text, exchange, key, properties, bytes) -> isReturned.set(true));
            var properties = new AMQP.BasicProperties.Builder()
                .contentType("application/json").deliveryMode(2).messageId(id).correlationId(id)
                .replyTo("amq.rabbitmq.reply-to").build();
            channel.basicPublish("sms.commands", "send", true, properties, body.getBytes(StandardCharsets.UTF_8));
            // Throws when the broker refuses it, and when no confirm comes within 30 s.
            channel.waitForConfirmsOrDie(30_000);
            // A message that no queue takes is returned before it is confirmed.
            if (isReturned.get()) throw new Unroutable();
            System.out.println("confirmed " + id);
            return replies.poll(60, TimeUnit.SECONDS);
        }
    }

    /** A JSON string; take your JSON library instead. */
    private static String quoted(String text) {
        var json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            json.append(c == '"' || c == '\\' ? "\\" + c : c < ' ' ? String.format("\\u%04x", (int) c) : "" + c);
        }
        return json.append('"').toString();
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 2) {
            System.err.println("usage: Send TO TEXT [ID]");
            System.exit(64);
        }
        // In a program of your own the id is stored with what the message is about: a repeat after a crash has it too.
        var id = arguments.length > 2 ? arguments[2] : UUID.randomUUID().toString();
        var body = "{\"to\": " + quoted(arguments[0]) + ", \"text\": " + quoted(arguments[1]) + "}";
        Delivery outcome = null;
        for (int attempt = 0;; attempt++) {
            try {
                outcome = publish(id, body);
                break;
            } catch (Unroutable error) {
                System.err.println("no queue took the command: is sms-bridge's topology declared?");
                System.exit(69);
            } catch (IOException | TimeoutException error) {
                if (attempt == 4) throw error;
                // It may have arrived or not. With the same id the repeat is harmless.
                System.err.println("again after " + error);
                Thread.sleep(1000L << attempt);
            }
        }
        if (outcome == null) {
            System.out.println("no outcome yet; it will be published on sms.outbound");
            System.exit(75);
        }
        var type = outcome.getProperties().getType();
        System.out.println(type + " " + new String(outcome.getBody(), StandardCharsets.UTF_8));
        System.exit(type.equals("sms.outbound.accepted") ? 0 : 1);
    }
}
