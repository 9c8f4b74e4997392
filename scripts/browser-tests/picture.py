"""What the pictures of the pages in the documentation show: some of everything, sent and received while they are made."""

import datetime
import time

from simulator import ACCOUNT, HANDSET


def overview(tour):
    """Makes what the picture of the page about the service shows, and shows it."""
    tour.faults([
        {"to": "14155550182", "fault": "status", "status": 422, "times": 1},
        {"to": "14155550183", "fault": "drop_before", "times": 1},
        {"to": "14155550184", "fault": "fail_receipt", "status": "undeliverable", "error": 1340},
        {"to": "14155553", "rate": 0.06, "fault": "fail_receipt", "status": "rejected", "error": 1260},
    ])
    numbers = range(3000, 4200)
    tour.api("POST", "/send-campaign", {
        "id": "spring-2026", "message": "Hi {{name}}, the new timetable is out.",
        "recipients": [{"to": f"+1415555{number}", "name": "Ada"} for number in numbers],
    }, {"Idempotency-Key": "spring-2026", "Prefer": "respond-async"})
    now = datetime.datetime.now(datetime.timezone.utc)
    later = lambda hours: now + datetime.timedelta(hours=hours)
    hour = lambda moment: moment.strftime("%H:00")
    soon = {"send_at": later(2).strftime("%Y-%m-%dT%H:%M:00Z")}
    closed = {"window": {"start": hour(later(3)), "end": hour(later(9)), "tz": "UTC"}}
    tour.api("PUT", "/opt-outs/+14155550181", {})
    asynchronously = {"Prefer": "respond-async"}
    for id, to, text, more in [
        ("order-2088", "+33612345678", "Votre colis arrive demain entre 9 h et 12 h.", {}),
        ("login-8813", "+447700900123", "Your code is 4711. It is good for ten minutes.", {}),
        ("visit-301", "+447700900124", "We look forward to seeing you tomorrow at ten.", soon),
        ("visit-302", "+14155550124", "We look forward to seeing you tomorrow at eleven.", closed),
        ("offer-12", "+14155550181", "An offer", {}),
        ("bill-8841", "+14155550182", "Your bill", {}),
        ("lh454-1", "+14155550183", "Flight LH 454 is delayed by 40 minutes.", {}),
        ("lh454-2", "+14155550184", "Flight LH 454 is delayed by 40 minutes.", {}),
    ]:
        headers = {"Idempotency-Key": id, **asynchronously}
        tour.api("POST", "/send-sms", {"to": to, "message": text, **more}, headers)
    browser = tour.browser
    browser.show("overview", "Overview")
    browser.wait_text("lh454-1", "[aria-label='Uncertain and waiting']")
    browser.wait_text("visit-302", "[aria-label='Uncertain and waiting']")
    # Some of the campaign, so that there is something to see of the flow.
    browser.wait("the campaign is under way", lambda: accepted(tour) > 300, limit=120)
    tour.write("447700900123", "Thank you!")
    tour.write("33612345678", "Laissez-le chez la voisine, s'il vous plaît 👍")
    # Events are sampled while much flows, and the figures are read every two seconds.
    time.sleep(3)


def accepted(tour):
    """How many messages of the campaign were taken."""
    return tour.api("GET", "/campaigns/spring-2026")[1].get("accepted", 0)


def phones(browser, simulator):
    """Makes what the picture of the simulator's page shows, and shows it."""
    def write(text, sender=HANDSET):
        simulator.ask("POST", "/simulator/inbound", {"from": sender, "to": ACCOUNT, "text": text})
        time.sleep(0.3)

    simulator.ask("DELETE", "/simulator/messages")
    simulator.ask("DELETE", "/simulator/faults")
    browser.resize(1440, 900)
    browser.open(simulator.url + "/")
    time.sleep(1)
    simulator.send("Votre colis arrive demain entre 9 h et 12 h. Répondez STOP pour ne plus recevoir de SMS.",
                   to="33612345678", sender="Colis", reference="order-2088")
    time.sleep(1)
    write("STOP", sender="33612345678")
    simulator.send("Your code is 4711. It is good for ten minutes.", to="447700900123", reference="login-8813")
    time.sleep(1)
    simulator.ask("PUT", "/simulator/faults",
                  [{"fault": "fail_receipt", "to": "49", "status": "undeliverable", "error": 1340},
                   {"fault": "status", "status": 503, "times": 3}])
    simulator.send("Flight LH 454 is delayed by 40 minutes. New departure 14:25, gate B42.", to="14155550177",
                   reference="lh454-1")
    time.sleep(1.5)
    simulator.ask("PUT", "/simulator/faults",
                  [{"fault": "fail_receipt", "to": "49", "status": "undeliverable", "error": 1340},
                   {"fault": "status", "status": 503, "to": "999", "times": 2}])
    simulator.send("Flight LH 454 is delayed by 40 minutes. New departure 14:25, gate B42.", to="14155550177",
                   reference="lh454-1")
    simulator.send("Ihre Rechnung für November liegt bereit: https://example.com/r/8841", to="491701234567",
                   reference="bill-8841")
    time.sleep(1)
    simulator.send("Hello Ada, your parcel is on its way. It will be with you tomorrow between 9 and 11.")
    time.sleep(1)
    write("Thanks! Could you leave it with the neighbour?")
    simulator.send("Of course: Mrs Lovelace, no. 14. Anything else we can do for you? 👍", reference="order-17-reply")
    time.sleep(0.5)
    write("No, that is perfect.")
    browser.run("document.querySelector('#phone-list button').click()")
    time.sleep(1.2)
    browser.run("document.activeElement.blur()")
