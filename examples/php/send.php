<?php
// Sends one SMS and waits for its outcome: php send.php TO TEXT [ID]
//
// Needs php-amqplib 3: apt install php-amqplib, or composer require php-amqplib/php-amqplib (then the autoload file is
// vendor/autoload.php). AMQP_URL names the broker.
declare(strict_types=1);

require_once 'PhpAmqpLib/autoload.php';

use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Exception\AMQPExceptionInterface;
use PhpAmqpLib\Exception\AMQPTimeoutException;
use PhpAmqpLib\Message\AMQPMessage;

class Unroutable extends Exception {}

function connect(): AMQPStreamConnection
{
    $url = parse_url(getenv('AMQP_URL') ?: 'amqp://guest:guest@localhost:5672');
    $vhost = rawurldecode(substr($url['path'] ?? '', 1)) ?: '/';
    $user = rawurldecode($url['user'] ?? 'guest');
    return new AMQPStreamConnection(
        $url['host'], $url['port'] ?? 5672, $user, rawurldecode($url['pass'] ?? 'guest'), $vhost
    );
}

// Publishes a command, and returns the event that is its outcome; null when none came within a minute.
function publish(string $id, array $command): ?array
{
    $connection = connect();
    try {
        $channel = $connection->channel();
        $event = null;
        // Before the publish, since a reply that finds no consumer is lost.
        $channel->basic_consume('amq.rabbitmq.reply-to', '', false, true, false, false,
            function (AMQPMessage $reply) use (&$event, $id) {
                if ($reply->get('correlation_id') === $id) {
                    $event = json_decode($reply->getBody(), true, 64, JSON_THROW_ON_ERROR);
                }
            });
        $channel->confirm_select();
        $isReturned = $isRefused = false;
        $channel->set_return_listener(function () use (&$isReturned) { $isReturned = true; });
        $channel->set_nack_handler(function () use (&$isRefused) { $isRefused = true; });
        $message = new AMQPMessage(json_encode($command, JSON_THROW_ON_ERROR), [
            'content_type' => 'application/json',
            'delivery_mode' => AMQPMessage::DELIVERY_MODE_PERSISTENT,
            'message_id' => $id,
            'correlation_id' => $id,
            'reply_to' => 'amq.rabbitmq.reply-to',
        ]);
        $channel->basic_publish($message, 'sms.commands', 'send', true);
        // Throws when no confirm comes within 30 s.
        $channel->wait_for_pending_acks_returns(30);
        if ($isReturned) {
            throw new Unroutable();
        }
        if ($isRefused) {
            throw new AMQPTimeoutException('the broker refused the command');
        }
        echo "confirmed $id\n";
        for ($end = time() + 60; $event === null && time() < $end;) {
            try {
                $channel->wait(null, false, $end - time());
            } catch (AMQPTimeoutException) {
                break;
            }
        }
        return $event;
    } finally {
        $connection->close();
    }
}

if ($argc < 3) {
    fwrite(STDERR, "usage: php send.php TO TEXT [ID]\n");
    exit(64);
}
// In a program of your own the id is stored with what the message is about, so that a repeat after a crash has it too.
$id = $argv[3] ?? bin2hex(random_bytes(16));
for ($attempt = 0;; $attempt++) {
    try {
        $event = publish($id, ['to' => $argv[1], 'text' => $argv[2]]);
        break;
    } catch (Unroutable) {
        fwrite(STDERR, "no queue took the command: is sms-bridge's topology declared?\n");
        exit(69);
    } catch (AMQPExceptionInterface | ErrorException $error) {
        if ($attempt === 4) {
            throw $error;
        }
        // It may have arrived or not. With the same id the repeat is harmless.
        fwrite(STDERR, "again after {$error->getMessage()}\n");
        sleep(2 ** $attempt);
    }
}
if ($event === null) {
    echo "no outcome yet; it will be published on sms.outbound\n";
    exit(75);
}
echo $event['type'], ' ', json_encode($event['data']), "\n";
exit($event['type'] === 'sms.outbound.accepted' ? 0 : 1);
