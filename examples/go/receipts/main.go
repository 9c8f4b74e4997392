// Prints delivery receipts, each once: receipts [COUNT]. Ends after COUNT messages; with 0 it only declares its queue.
// AMQP_URL names the broker, QUEUE the queue (consumer.receipts), SEEN the file of the ids that were seen (seen.txt).
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"

	amqp "github.com/rabbitmq/amqp091-go"
)

type event struct {
	ID   string
	Type string
	Data struct {
		CommandID   *string `json:"command_id"`
		MessageUUID string  `json:"message_uuid"`
		Status      string
		Final       bool
		Superseded  bool
	}
}

// seen are the ids of the events that were handled. In a program of your own they are a table with a unique key, which is
// written in the transaction that does the work; a file can only come close to that.
type seen struct {
	file *os.File
	ids  map[string]bool
}

func open(path string) (*seen, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		ids[lines.Text()] = true
	}
	return &seen{file, ids}, lines.Err()
}

func (s *seen) add(id string) error {
	s.ids[id] = true
	if _, err := fmt.Fprintln(s.file, id); err != nil {
		return err
	}
	return s.file.Sync()
}

func env(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func run(count int) error {
	known, err := open(env("SEEN", "seen.txt"))
	if err != nil {
		return err
	}
	connection, err := amqp.Dial(env("AMQP_URL", "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer connection.Close()
	channel, err := connection.Channel()
	if err != nil {
		return err
	}
	queue := env("QUEUE", "consumer.receipts")
	if _, err := channel.QueueDeclare(queue, true, false, false, false, amqp.Table{"x-queue-type": "quorum"}); err != nil {
		return err
	}
	if err := channel.QueueBind(queue, "#", "sms.status", false, nil); err != nil {
		return err
	}
	if err := channel.Qos(20, 0, false); err != nil {
		return err
	}
	if count == 0 {
		return nil
	}
	deliveries, err := channel.Consume(queue, "", false, false, false, false, nil)
	if err != nil {
		return err
	}
	for delivery := range deliveries {
		var receipt event
		if err := json.Unmarshal(delivery.Body, &receipt); err != nil {
			return err
		}
		if known.ids[receipt.ID] {
			fmt.Println("repeat", receipt.Type, receipt.ID)
		} else {
			// The work. A superseded receipt is older than what is known: receipts can come in any order.
			fmt.Println("new", receipt.Type, receipt.ID)
			if err := known.add(receipt.ID); err != nil {
				return err
			}
		}
		// Only now, for what is not acknowledged comes again.
		if err := delivery.Ack(false); err != nil {
			return err
		}
		if count--; count == 0 {
			return nil
		}
	}
	return errors.New("the connection was lost")
}

func main() {
	count := -1
	if len(os.Args) > 1 {
		var err error
		if count, err = strconv.Atoi(os.Args[1]); err != nil {
			log.Fatal(err)
		}
	}
	if err := run(count); err != nil {
		log.Fatal(err)
	}
}
