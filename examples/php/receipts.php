<?php
// Prints delivery receipts, each once: php receipts.php [COUNT]
//
// Ends after COUNT messages; with 0 it only declares its queue. Needs php-amqplib 3: apt install php-amqplib, or composer
// require php-amqplib/php-amqplib (then the autoload file is vendor/autoload.php). AMQP_URL names the broker, QUEUE the
// queue (consumer.receipts), SEEN the file of the ids that were seen (seen.txt).
declare(strict_types=1);

require_once 'PhpAmqpLib/autoload.php';

use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Message\AMQPMessage;
use PhpAmqpLib\Wire\AMQPTable;

$count = isset($argv[1]) ? (int) $argv[1] : PHP_INT_MAX;
$queue = getenv('QUEUE') ?: 'consumer.receipts';
// In a program of your own the ids are a table with a unique key, which is written in the transaction that does the work;
// a file can only come close to that.
$file = getenv('SEEN') ?: 'seen.txt';
$seen = is_file($file) ? array_flip(file($file, FILE_IGNORE_NEW_LINES)) : [];

$url = parse_url(getenv('AMQP_URL') ?: 'amqp://guest:guest@localhost:5672');
$vhost = rawurldecode(substr($url['path'] ?? '', 1)) ?: '/';
$user = rawurldecode($url['user'] ?? 'guest');
$connection = new AMQPStreamConnection(
    $url['host'], $url['port'] ?? 5672, $user, rawurldecode($url['pass'] ?? 'guest'), $vhost
);
$channel = $connection->channel();
$channel->queue_declare($queue, false, true, false, false, false, new AMQPTable(['x-queue-type' => 'quorum']));
$channel->queue_bind($queue, 'sms.status', '#');
$channel->basic_qos(0, 20, false);

$handled = 0;
if ($count > 0) {
    $channel->basic_consume($queue, '', false, false, false, false,
        function (AMQPMessage $message) use (&$seen, &$handled, $file, $channel, $count) {
            if ($handled === $count) {
                return;
            }
            $event = json_decode($message->getBody(), true, 64, JSON_THROW_ON_ERROR);
            $id = $event['id'];
            if (isset($seen[$id])) {
                echo "repeat {$event['type']} $id\n";
            } else {
                // The work. A superseded receipt is older than what is known: receipts can come in any order.
                echo "new {$event['type']} $id\n";
                $seen[$id] = true;
                file_put_contents($file, "$id\n", FILE_APPEND | LOCK_EX);
            }
            // Only now, for what is not acknowledged comes again.
            $message->ack();
            $handled++;
        });
}
while ($handled < $count && $channel->is_consuming()) {
    $channel->wait();
}
$connection->close();
