#!/usr/bin/env ruby
# Sends one SMS and waits for its outcome: send.rb TO TEXT [ID]
#
# Needs bunny 2.19 or newer: apt install ruby-bunny, or gem install bunny. AMQP_URL names the broker.
require "bunny"
require "json"
require "securerandom"
require "timeout"

class Unroutable < StandardError; end

# Publishes a command, and returns the event that is its outcome; nil when none came within a minute.
def publish(id, command)
  # A connection that is lost is a reason to publish again, with the same id.
  connection = Bunny.new(ENV.fetch("AMQP_URL", "amqp://guest:guest@localhost:5672"), automatically_recover: false)
  connection.start
  channel = connection.create_channel
  replies = Queue.new
  # Before the publish, since a reply that finds no consumer is lost.
  consumer = Bunny::Consumer.new(channel, "amq.rabbitmq.reply-to", "replies", true)
  consumer.on_delivery { |_, properties, body| replies << body if properties.correlation_id == id }
  channel.basic_consume_with(consumer)

  channel.confirm_select
  commands = channel.direct("sms.commands", no_declare: true)
  returned = false
  commands.on_return { returned = true }
  commands.publish(JSON.generate(command),
                   routing_key: "send", mandatory: true, persistent: true, content_type: "application/json",
                   message_id: id, correlation_id: id, reply_to: "amq.rabbitmq.reply-to")
  raise Bunny::Exception, "the broker refused the command" unless channel.wait_for_confirms
  # A message that no queue takes is returned before it is confirmed.
  raise Unroutable if returned

  puts "confirmed #{id}"
  begin
    JSON.parse(Timeout.timeout(60) { replies.pop })
  rescue Timeout::Error
    nil
  end
ensure
  connection&.close if connection&.open?
end

abort "usage: send.rb TO TEXT [ID]" unless [2, 3].include?(ARGV.length)
$stdout.sync = true
to, text, id = ARGV
# In a program of your own the id is stored with what the message is about, so that a repeat after a crash has it too.
id ||= SecureRandom.uuid
attempt = 0
begin
  event = publish(id, { to: to, text: text })
rescue Unroutable
  abort "no queue took the command: is sms-bridge's topology declared?"
rescue Bunny::Exception, Timeout::Error, SystemCallError => e
  # It may have arrived or not. With the same id the repeat is harmless.
  abort "the broker did not confirm the command: #{e.message}" if (attempt += 1) == 5
  warn "again after #{e.message}"
  sleep 2**attempt
  retry
end
if event.nil?
  puts "no outcome yet; it will be published on sms.outbound"
  exit 75
end
puts "#{event['type']} #{JSON.generate(event['data'])}"
exit event["type"] == "sms.outbound.accepted"
