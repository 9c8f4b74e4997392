// Sends one SMS and waits for its outcome: send TO TEXT [ID]. AMQP_URL names the broker.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

var errUnroutable = errors.New("no queue took the command: is sms-bridge's topology declared?")

// publish publishes a command and returns the event that is its outcome; nil when none came within a minute.
func publish(url, id string, body []byte) (*amqp.Delivery, error) {
	connection, err := amqp.Dial(url)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	channel, err := connection.Channel()
	if err != nil {
		return nil, err
	}
	// Before the publish, since a reply that finds no consumer is lost.
	replies, err := channel.Consume("amq.rabbitmq.reply-to", "", true, false, false, false, nil)
	if err != nil {
		return nil, err
	}
	if err := channel.Confirm(false); err != nil {
		return nil, err
	}
	returns := channel.NotifyReturn(make(chan amqp.Return, 1))
	confirms := channel.NotifyPublish(make(chan amqp.Confirmation, 1))
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	err = channel.PublishWithContext(ctx, "sms.commands", "send", true, false, amqp.Publishing{
		ContentType:   "application/json",
		DeliveryMode:  amqp.Persistent,
		MessageId:     id,
		CorrelationId: id,
		ReplyTo:       "amq.rabbitmq.reply-to",
		Body:          body,
	})
	if err != nil {
		return nil, err
	}
	select {
	case confirm, isOpen := <-confirms:
		if !isOpen {
			return nil, errors.New("the connection was lost before the confirm")
		}
		if !confirm.Ack {
			return nil, errors.New("the broker refused the command: a queue is full or without a leader")
		}
	case <-ctx.Done():
		return nil, errors.New("no confirm within 30 s")
	}
	// A message that no queue takes is returned before it is confirmed.
	select {
	case <-returns:
		return nil, errUnroutable
	default:
	}
	fmt.Println("confirmed", id)
	for timeout := time.After(time.Minute); ; {
		select {
		case reply, isOpen := <-replies:
			if !isOpen {
				return nil, errors.New("the connection was lost before the outcome")
			}
			if reply.CorrelationId == id {
				return &reply, nil
			}
		case <-timeout:
			return nil, nil
		}
	}
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: send TO TEXT [ID]")
		os.Exit(64)
	}
	url := os.Getenv("AMQP_URL")
	if url == "" {
		url = "amqp://guest:guest@localhost:5672/"
	}
	// In a program of your own the id is stored with what the message is about, so that a repeat after a crash has it too.
	var id string
	if len(os.Args) > 3 {
		id = os.Args[3]
	} else {
		random := make([]byte, 16)
		if _, err := rand.Read(random); err != nil {
			panic(err)
		}
		id = fmt.Sprintf("%x", random)
	}
	body, err := json.Marshal(map[string]string{"to": os.Args[1], "text": os.Args[2]})
	if err != nil {
		panic(err)
	}
	var outcome *amqp.Delivery
	for attempt := 0; ; attempt++ {
		outcome, err = publish(url, id, body)
		if err == nil {
			break
		}
		fmt.Fprintln(os.Stderr, err)
		if errors.Is(err, errUnroutable) || attempt == 4 {
			os.Exit(69)
		}
		// It may have arrived or not. With the same id the repeat is harmless.
		time.Sleep(time.Second << attempt)
	}
	if outcome == nil {
		fmt.Println("no outcome yet; it will be published on sms.outbound")
		os.Exit(75)
	}
	fmt.Println(outcome.Type, string(outcome.Body))
	if outcome.Type != "sms.outbound.accepted" {
		os.Exit(1)
	}
}
