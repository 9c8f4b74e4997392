// Written by scripts/embed-page.sh: change Sources/VonageSimulator/Page/assets/model.js instead.

/// `model.js` of the page, as the binary carries it.
enum PageModelJS {
    /// The whole file.
    static let text = #"""
        // What the page knows: bounded, whatever arrives. The views read it, and are called after each batch.

        const mostEntries = 200;
        const mostPhones = 50;
        const mostAttempts = 20;

        /** Keeps the latest of a map. */
        function trim(map, most) {
          for (const key of map.keys()) {
            if (map.size <= most) return;
            map.delete(key);
          }
        }

        export const model = {
          /** Requests to send by their key, oldest first: {key, at, status, to, fault, message, attempts}. */
          entries: new Map(),
          /** Messages from handsets by their id, oldest first. */
          inbound: new Map(),
          /** Phones by their number, the one heard of last at the end: {number, text, at, isOutgoing, unread}. */
          phones: new Map(),
          faults: [],
          postsWebhooks: true,
          isWhole: false,
          counts: { requests: 0, messages: 0 },
          /** How many requests were not shown since the page was opened or cleared. */
          leftOut: 0,
          /** The keys of entries that have changed since they were drawn. */
          changed: new Set(),
          /** How many snapshots came: what was asked for before is to be asked for again. */
          snapshots: 0,
          /** Whether something came since the last search. */
          hasNews: false,
        };

        /** A request that was refused has no id: its key is what it was, so that it is the same in every snapshot. */
        function keyOf(request) {
          if (request.message_uuid) return request.message_uuid;
          let key = `${request.received_at} ${request.to} ${request.status}`;
          while (model.entries.has(key)) key += "'";
          return key;
        }

        function entryOf(request) {
          const message = request.message ?? null;
          return {
            key: keyOf(request),
            at: request.received_at,
            status: request.status ?? null,
            to: message?.to ?? request.to ?? "",
            fault: request.fault ?? null,
            message,
            attempts: (message?.receipts ?? []).slice(-mostAttempts),
          };
        }

        /** An entry of a message in the list that `GET /simulator/messages` gives. */
        export function entryOfMessage(message) {
          const request = { ...message, status: 202, message, fault: message.fault };
          return entryOf(request);
        }

        export function hearOfPhone(number, text, at, isOutgoing, isNew) {
          const known = model.phones.get(number);
          const unread = isNew && !isOutgoing ? (known?.unread ?? 0) + 1 : (known?.unread ?? 0);
          model.phones.delete(number);
          model.phones.set(number, { number, text, at, isOutgoing, unread });
          trim(model.phones, mostPhones);
        }

        function addRequests(requests, isNew) {
          for (const request of requests) {
            const entry = entryOf(request);
            model.entries.set(entry.key, entry);
            model.changed.add(entry.key);
            if (entry.message) hearOfPhone(entry.to, entry.message.text, entry.at, false, isNew);
          }
          trim(model.entries, mostEntries);
        }

        function addInbound(messages) {
          for (const message of messages) {
            model.inbound.set(message.message_uuid, message);
            hearOfPhone(message.from, message.text, message.received_at, true, true);
          }
          trim(model.inbound, mostEntries);
        }

        function addWebhooks(webhooks) {
          for (const webhook of webhooks) {
            const inbound = model.inbound.get(webhook.message_uuid);
            const entry = model.entries.get(webhook.message_uuid);
            if (inbound) inbound.deliveries = [...inbound.deliveries, webhook].slice(-mostAttempts);
            if (entry) {
              entry.attempts = [...entry.attempts, webhook].slice(-mostAttempts);
              model.changed.add(entry.key);
            }
          }
        }

        function note(counts) {
          // Fewer than before: all was cleared.
          if (counts.requests < model.counts.requests) model.leftOut = 0;
          model.leftOut += counts.left_out;
          model.counts = counts;
        }

        /** Takes all that there is to show, in place of what was shown. */
        export function takeSnapshot(snapshot) {
          const isFirst = !model.isWhole;
          const before = new Set(model.entries.keys());
          model.snapshots += 1;
          model.isWhole = true;
          model.entries.clear();
          model.inbound.clear();
          model.changed.clear();
          if (snapshot.counts.requests === 0 && snapshot.inbound.length === 0) model.phones.clear();
          // In the order of time, so that the phones are.
          const all = [
            ...snapshot.requests.map((request) => ({ at: request.received_at, request })),
            ...snapshot.inbound.map((inbound) => ({ at: inbound.received_at, inbound })),
          ].sort((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));
          for (const { request, inbound } of all) {
            if (request) addRequests([request], !isFirst && !before.has(request.message_uuid ?? ""));
            if (inbound) addInbound([inbound]);
          }
          model.faults = snapshot.faults;
          model.postsWebhooks = snapshot.posts_webhooks;
          note(snapshot.counts);
        }

        /** Takes what has happened since. */
        export function takeChanges(changes) {
          addRequests(changes.requests, true);
          addInbound(changes.inbound);
          addWebhooks(changes.webhooks);
          if (changes.faults) model.faults = changes.faults;
          note(changes.counts);
        }

        /** What became of a message, in a word: the latest receipt that was taken, else the latest that was tried. */
        export function outcome(entry) {
          if (!entry.message) return { word: entry.status === null ? "no answer" : `refused ${entry.status}`, kind: "bad" };
          const taken = entry.attempts.filter((attempt) => attempt.answer >= 200 && attempt.answer < 300);
          const words = taken.map((attempt) => attempt.status);
          const final = words.find((word) => word !== "submitted");
          if (final) return { word: final, kind: final === "delivered" ? "good" : "bad" };
          const waits = entry.attempts.at(-1);
          if (waits && !taken.includes(waits)) return { word: `${waits.status}, not taken`, kind: "wait" };
          return { word: words.at(-1) ?? "accepted", kind: "open" };
        }

        /** An attempt at a webhook, in words. */
        export function attemptText(attempt) {
          const answer = attempt.answer ? `answered ${attempt.answer}` : "no answer";
          return attempt.attempt > 1 ? `${answer}, attempt ${attempt.attempt}` : answer;
        }

        """#
}
