import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Prints delivery receipts, each once: Receipts [COUNT]. Ends after COUNT messages; with 0 it only declares its queue.
 * AMQP_URL names the broker, QUEUE the queue (consumer.receipts), SEEN the file of the ids that were seen (seen.txt).
 */
public class Receipts {
    public static void main(String[] arguments) throws Exception {
        var environment = System.getenv();
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : Integer.MAX_VALUE;
        // In a program of your own the ids are a table with a unique key, which is written in the transaction that does
        // the work; a file can only come close to that.
        var file = Path.of(environment.getOrDefault("SEEN", "seen.txt"));
        var seen = new HashSet<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
        var queue = environment.getOrDefault("QUEUE", "consumer.receipts");

        var factory = new ConnectionFactory();
        factory.setUri(environment.getOrDefault("AMQP_URL", "amqp://guest:guest@localhost:5672"));
        try (var connection = factory.newConnection(); var channel = connection.createChannel()) {
            channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
            channel.queueBind(queue, "sms.status", "#");
            channel.basicQos(20);
            if (count == 0) return;
            var deliveries = new LinkedBlockingQueue<Delivery>();
            channel.basicConsume(queue, false, (tag, delivery) -> deliveries.add(delivery), tag -> {});
            for (int handled = 0; handled < count; handled++) {
                var receipt = deliveries.take();
                // The event's id and type are in the properties too; the body is for your JSON library.
                var id = receipt.getProperties().getMessageId();
                var type = receipt.getProperties().getType();
                if (seen.add(id)) {
                    // The work. A superseded receipt is older than what is known: receipts can come in any order.
                    System.out.println("new " + type + " " + id);
                    Files.writeString(
                        file, id + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
                } else {
                    System.out.println("repeat " + type + " " + id);
                }
                // Only now, for what is not acknowledged comes again.
                channel.basicAck(receipt.getEnvelope().getDeliveryTag(), false);
            }
        }
    }
}
