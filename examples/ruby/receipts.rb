#!/usr/bin/env ruby
# Prints delivery receipts, each once: receipts.rb [COUNT]
#
# Ends after COUNT messages; with 0 it only declares its queue. Needs bunny 2.19 or newer: apt install ruby-bunny, or gem
# install bunny. AMQP_URL names the broker, QUEUE the queue (consumer.receipts), SEEN the file of the ids that were seen.
require "bunny"
require "json"

count = ARGV.empty? ? nil : Integer(ARGV[0])
queue_name = ENV.fetch("QUEUE", "consumer.receipts")
# In a program of your own the ids are a table with a unique key, which is written in the transaction that does the work;
# a file can only come close to that.
file = File.open(ENV.fetch("SEEN", "seen.txt"), "a+")
seen = file.each_line(chomp: true).to_h { |id| [id, true] }
$stdout.sync = true

connection = Bunny.new(ENV.fetch("AMQP_URL", "amqp://guest:guest@localhost:5672"))
connection.start
channel = connection.create_channel
queue = channel.queue(queue_name, durable: true, arguments: { "x-queue-type" => "quorum" })
queue.bind("sms.status", routing_key: "#")
channel.prefetch(20)

unless count == 0
  deliveries = Queue.new
  queue.subscribe(manual_ack: true) { |info, _, body| deliveries << [info, body] }
  handled = 0
  until handled == count
    info, body = deliveries.pop
    event = JSON.parse(body)
    id = event["id"]
    if seen[id]
      puts "repeat #{event['type']} #{id}"
    else
      # The work. A superseded receipt is older than what is known: receipts can come in any order.
      puts "new #{event['type']} #{id}"
      seen[id] = true
      file.puts(id)
      file.fsync
    end
    # Only now, for what is not acknowledged comes again.
    channel.ack(info.delivery_tag)
    handled += 1
  end
end
connection.close
